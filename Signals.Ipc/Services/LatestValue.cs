using System.Threading.Channels;
using Google.Protobuf;

namespace Signals.Ipc.Services;

/// <summary>
/// The value of a property that is to be sent as a reply of a call. A later value replaces it. The replies end when the property is disposed.
/// </summary>
internal sealed class LatestValue<TReply> : ISlot<TReply>, IDisposable
    where TReply : class, IMessage<TReply>
{
    private readonly Channel<TReply> _value = Channel.CreateBounded<TReply>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }
    );

    private readonly CallContext _context;
    private readonly CancellationTokenRegistration _stopping;

    /// <summary>The connection by which this object learns that the property has been disposed.</summary>
    private ConnectionHandle _connection;

    internal LatestValue(CallContext context)
    {
        _context = context;
        _stopping = context.HostStopping.UnsafeRegister(static value => ((LatestValue<TReply>)value!).End(), this);
    }

    /// <summary>Gets or sets the connection that writes the values.</summary>
    internal ConnectionHandle Values { get; set; }

    /// <inheritdoc/>
    public void OnConnected(ConnectionHandle connection) => _connection = connection;

    /// <inheritdoc/>
    public void OnDisconnected(bool isSignalDisposed) => End();

    /// <inheritdoc/>
    public void Invoke(TReply value)
    {
        // The other connection of the property writes the values, beginning with the current one.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Unregister();
        Values.Disconnect();
        _connection.Disconnect();
    }

    /// <summary>Sets the value to send, as a copy.</summary>
    internal void Write(TReply value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value.Writer.TryWrite(value.Clone());
    }

    /// <summary>Enumerates the values.</summary>
    internal IAsyncEnumerable<TReply> ReadAllAsync() => _value.Reader.ReadAllAsync(_context.CancellationToken);

    private void End() => _value.Writer.TryComplete();
}
