using System.IO.Pipelines;
using Signals.Ipc;
using Signals.Ipc.Transport;

namespace Signals.Tests.Ipc.OwnTransports;

/// <summary>Two ends of two pipes, as a user's transport whose members a test may replace.</summary>
internal sealed class OddTransport(IpcTransport inner) : IpcTransport
{
    internal Func<Memory<byte>, ValueTask<int>>? OnReceive { get; set; }

    internal Func<ReadOnlyMemory<byte>, ValueTask<int>>? OnSend { get; set; }

    internal Func<Exception, DisconnectReason?>? OnExplain { get; set; }

    internal Func<CancellationToken, ValueTask<PeerIdentity?>>? OnIdentify { get; set; }

    internal Action? OnDispose { get; set; }

    internal static (OddTransport Client, OddTransport Host) CreatePair()
    {
        var requests = new Pipe();
        var replies = new Pipe();
        return (End(replies.Reader, requests.Writer), End(requests.Reader, replies.Writer));
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => OnReceive is { } receive ? receive(buffer) : inner.ReceiveAsync(buffer);

    public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => OnSend is { } send ? send(bytes) : inner.SendAsync(bytes);

    public override DisconnectReason? Explain(Exception exception) => OnExplain is { } explain ? explain(exception) : inner.Explain(exception);

    public override ValueTask<PeerIdentity?> IdentifyPeerAsync(CancellationToken cancellationToken) =>
        OnIdentify is { } identify ? identify(cancellationToken) : inner.IdentifyPeerAsync(cancellationToken);

    public override void Dispose()
    {
        OnDispose?.Invoke();
        inner.Dispose();
    }

    private static OddTransport End(PipeReader reader, PipeWriter writer) => new(FromStream(new DuplexStream(reader, writer)));

    private sealed class DuplexStream(PipeReader reader, PipeWriter writer) : Stream
    {
        private readonly Stream _reading = reader.AsStream();
        private readonly Stream _writing = writer.AsStream();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _reading.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            _writing.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => _writing.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            writer.Complete();
            reader.CancelPendingRead();
            base.Dispose(disposing);
        }
    }
}
