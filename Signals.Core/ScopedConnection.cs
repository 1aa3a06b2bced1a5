using System.Diagnostics;

namespace Signals;

/// <summary>
/// Owns one connection and ends it when disposed. Use it for a connection with the lifetime of an object or of a <see langword="using"/>
/// block.
/// </summary>
/// <remarks>
/// All members are thread-safe. A scoped connection that is never disposed leaves its connection active: there is no finalizer.
/// </remarks>
[DebuggerDisplay("{Handle}")]
public sealed class ScopedConnection : IDisposable
{
    private readonly object _lock = new();
    private ConnectionHandle _handle;
    private bool _disposed;

    /// <summary>Initializes a new instance of the <see cref="ScopedConnection"/> class that owns no connection.</summary>
    public ScopedConnection() { }

    /// <summary>Initializes a new instance of the <see cref="ScopedConnection"/> class that owns a connection.</summary>
    /// <param name="handle">The handle of the connection, which may be inactive.</param>
    public ScopedConnection(ConnectionHandle handle) => _handle = handle;

    /// <summary>
    /// Gets or sets the handle of the owned connection. Setting the property ends the previously owned connection, unless both are the same.
    /// Setting the property after disposal ends the new connection immediately. The value is <see langword="default"/> if no connection is owned.
    /// </summary>
    public ConnectionHandle Handle
    {
        get
        {
            using (Uninterruptible.Enter(_lock))
            {
                return _handle;
            }
        }
        set
        {
            ConnectionHandle ended;
            using (Uninterruptible.Enter(_lock))
            {
                if (value == _handle)
                {
                    return;
                }

                (ended, _handle) = _disposed ? (value, default) : (_handle, value);
            }

            ended.Disconnect();
        }
    }

    /// <summary>Converts a handle to a <see cref="ScopedConnection"/> that owns the connection.</summary>
    /// <param name="handle">The handle of the connection.</param>
    public static implicit operator ScopedConnection(ConnectionHandle handle) => new(handle);

    /// <summary>Creates a <see cref="ScopedConnection"/> that owns a connection, for languages without implicit conversions.</summary>
    /// <param name="handle">The handle of the connection.</param>
    /// <returns>The new owner of the connection.</returns>
    public static ScopedConnection FromConnectionHandle(ConnectionHandle handle) => new(handle);

    /// <summary>Releases ownership of the connection without ending it.</summary>
    /// <returns>
    /// The handle of the connection that was owned, or <see langword="default"/>. Afterwards, this object owns no connection.
    /// </returns>
    public ConnectionHandle Release()
    {
        using (Uninterruptible.Enter(_lock))
        {
            ConnectionHandle released = _handle;
            _handle = default;
            return released;
        }
    }

    /// <summary>Ends the owned connection. A connection that is assigned to <see cref="Handle"/> later ends immediately.</summary>
    public void Dispose()
    {
        ConnectionHandle ended;
        using (Uninterruptible.Enter(_lock))
        {
            _disposed = true;
            ended = _handle;
            _handle = default;
        }

        ended.Disconnect();
    }
}
