using System.Buffers;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>
/// An exchange as a third party would write it: it passes bytes from one object to another, and the connection can be broken.
/// </summary>
internal sealed class BytesPair : RemotePair, ISignalExporter, ISignalImporter
{
    private const RemoteCapabilities All =
        RemoteCapabilities.Replay | RemoteCapabilities.Authorize | RemoteCapabilities.Setting | RemoteCapabilities.Patterns;

    private readonly RemoteOutletOptions _options;
    private readonly int _batchBytes;
    private Link? _link;
    private long _lastId;

    internal BytesPair(RemoteOutletOptions? options = null, int batchBytes = 200)
    {
        _options = options ?? new RemoteOutletOptions();
        _batchBytes = batchBytes;
        Exports = new RemoteExports(All, ExportEvaluator, Time);
        Imports = new RemoteImports(All, Evaluator);
        Reconnect();
    }

    public RemoteExports Exports { get; }

    public RemoteImports Imports { get; }

    internal override ISignalExporter Exporter => this;

    internal override ISignalImporter Importer => this;

    internal RemoteOutlet Outlet => _link!.Outlet;

    internal IRemoteLink CurrentLink => _link!;

    internal override void Break()
    {
        _link!.Outlet.Dispose();
        Imports.Lose(_link);
        _link = null;
    }

    internal override void Reconnect()
    {
        _link = new Link(this, new RemoteSubscriber(++_lastId));
        Imports.Connect(_link);
    }

    private protected override ValueTask EndAsync()
    {
        Imports.Dispose();
        Exports.Dispose();
        return default;
    }

    private sealed class Link : IRemoteLink
    {
        private readonly BytesPair _pair;
        private readonly Lock _lock = new();

        internal Link(BytesPair pair, RemoteSubscriber subscriber)
        {
            _pair = pair;
            Outlet = pair.Exports.Accept(subscriber, pair._options, Deliver);
        }

        internal RemoteOutlet Outlet { get; }

        public void Send(RemoteOperation operation, ReadOnlyMemory<byte> message) => Outlet.Handle(operation, message.Span);

        public Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
            Outlet.CallAsync(operation, message, cancellationToken);

        private void Deliver(uint stream)
        {
            lock (_lock)
            {
                var batch = new ArrayBufferWriter<byte>();
                while (Outlet.TryWriteBatch(stream, batch, _pair._batchBytes))
                {
                    if (!_pair.Imports.Receive(this, stream, batch.WrittenSpan))
                    {
                        throw new InvalidOperationException("The importer has refused a batch.");
                    }

                    batch.ResetWrittenCount();
                }
            }
        }
    }
}
