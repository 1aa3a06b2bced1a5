using System.Threading.Channels;
using Google.Protobuf;

namespace Signals.Ipc.Services;

/// <summary>The emissions of a signal that are to be sent as replies of a call. Emitting never waits for the client.</summary>
internal sealed class EmissionQueue<TReply> : ISlot<TReply>, IDisposable
    where TReply : class, IMessage<TReply>
{
    private const int MaxCount = 1024;
    private const long MaxBytes = 1 << 20;

    private readonly Channel<(TReply Reply, int Size)> _replies = Channel.CreateBounded<(TReply Reply, int Size)>(
        new BoundedChannelOptions(MaxCount) { SingleReader = true }
    );

    private readonly CallContext _context;
    private readonly CancellationTokenRegistration _stopping;

    /// <summary>The number of bytes of the replies that are queued.</summary>
    private long _bytes;

    private ConnectionHandle _connection;

    internal EmissionQueue(CallContext context)
    {
        _context = context;
        _stopping = context.HostStopping.UnsafeRegister(static queue => ((EmissionQueue<TReply>)queue!).End(), this);
    }

    /// <inheritdoc/>
    public void OnConnected(ConnectionHandle connection) => _connection = connection;

    /// <inheritdoc/>
    public void OnDisconnected(bool isSignalDisposed) => End();

    /// <inheritdoc/>
    public void Invoke(TReply value)
    {
        ArgumentNullException.ThrowIfNull(value);

        // A copy, because the service may reuse the message. A single message may exceed the limit: it can be as large as a frame.
        TReply reply = value.Clone();
        int size = reply.CalculateSize();
        long bytes = Interlocked.Add(ref _bytes, size);
        if ((bytes > MaxBytes && bytes != size) || !_replies.Writer.TryWrite((reply, size)))
        {
            Overflow();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Unregister();
        _connection.Disconnect();
    }

    /// <summary>Enumerates the replies.</summary>
    internal async IAsyncEnumerable<TReply> ReadAllAsync()
    {
        await foreach ((TReply reply, int size) in _replies.Reader.ReadAllAsync(_context.CancellationToken).ConfigureAwait(false))
        {
            Interlocked.Add(ref _bytes, -size);
            yield return reply;
        }
    }

    private void End() => _replies.Writer.TryComplete();

    private void Overflow()
    {
        _replies.Writer.TryComplete(
            new IpcStatusException(
                IpcStatusCode.ResourceExhausted,
                $"The client is too slow for {_context.MethodName}: {MaxCount} messages or {MaxBytes} bytes of them are waiting."
            )
        );
        _connection.Disconnect();
    }
}
