using System.Buffers;
using Signals.Remote;

namespace Signals.Systematic.Support;

/// <summary>An exchange that passes bytes from one object to another, and whose connection can be lost.</summary>
internal sealed class BytesRig : RemoteRig, ISignalExporter, ISignalImporter
{
    private const RemoteCapabilities All = RemoteCapabilities.Replay | RemoteCapabilities.Authorize | RemoteCapabilities.Setting;

    private Link? _link;

    internal BytesRig()
    {
        Exports = new RemoteExports(All, Evaluator, Time);
        Imports = new RemoteImports(All, Evaluator);
        Reconnect();
    }

    public RemoteExports Exports { get; }

    public RemoteImports Imports { get; }

    internal override ISignalExporter Exporter => this;

    internal override ISignalImporter Importer => this;

    /// <summary>Loses the connection.</summary>
    internal void Break()
    {
        Link lost = _link!;
        lost.Outlet.Dispose();
        Imports.Lose(lost);
    }

    internal void Reconnect()
    {
        _link = new Link(this);
        Imports.Connect(_link);
    }

    public override void Dispose()
    {
        Imports.Dispose();
        Exports.Dispose();
    }

    private sealed class Link : IRemoteLink
    {
        private const int BatchBytes = 200;

        private readonly BytesRig _rig;

        /// <summary>Taken for a batch from its export to its import, so that batches stay in order.</summary>
        private readonly Lock _order = new();

        internal Link(BytesRig rig)
        {
            _rig = rig;
            Outlet = rig.Exports.Accept(new RemoteSubscriber(1), new RemoteOutletOptions(), Deliver);
        }

        internal RemoteOutlet Outlet { get; }

        public void Send(RemoteOperation operation, ReadOnlyMemory<byte> message) => Outlet.Handle(operation, message.Span);

        public Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
            Outlet.CallAsync(operation, message, cancellationToken);

        private void Deliver(uint stream)
        {
            lock (_order)
            {
                var batch = new ArrayBufferWriter<byte>();
                while (Outlet.TryWriteBatch(stream, batch, BatchBytes))
                {
                    Check.That(_rig.Imports.Receive(this, stream, batch.WrittenSpan));
                    batch.ResetWrittenCount();
                }
            }
        }
    }
}
