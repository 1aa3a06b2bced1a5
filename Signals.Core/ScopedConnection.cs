using System.Diagnostics;

namespace Signals;

/// <summary>
/// Owns one connection and ends it when disposed. For a connection that belongs to an object or to a <see langword="using"/> block.
/// </summary>
/// <remarks>Thread-safe. One that is never disposed leaves its connection standing: there is no finalizer.</remarks>
[DebuggerDisplay("{Handle}")]
public sealed class ScopedConnection : IDisposable
{
    private readonly object _lock = new();
    private ConnectionHandle _handle;
    private bool _disposed;

    /// <summary>Makes one that owns nothing yet.</summary>
    public ScopedConnection() { }

    /// <summary>Makes one that owns a connection.</summary>
    /// <param name="handle">The connection to end later; may be inactive.</param>
    public ScopedConnection(ConnectionHandle handle) => _handle = handle;

    /// <summary>
    /// The connection that is owned. Setting it ends the one that was owned before, unless it is the same. Setting it after disposal ends the new one
    /// at once, so that nothing is left standing.
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

    /// <summary>Takes ownership of a connection.</summary>
    /// <param name="handle">The connection.</param>
    public static implicit operator ScopedConnection(ConnectionHandle handle) => new(handle);

    /// <summary>Takes ownership of a connection; for languages without the conversion.</summary>
    /// <param name="handle">The connection.</param>
    /// <returns>Its new owner.</returns>
    public static ScopedConnection FromConnectionHandle(ConnectionHandle handle) => new(handle);

    /// <summary>Gives the connection up without ending it.</summary>
    /// <returns>The connection that was owned; this owns nothing afterwards.</returns>
    public ConnectionHandle Release()
    {
        using (Uninterruptible.Enter(_lock))
        {
            ConnectionHandle released = _handle;
            _handle = default;
            return released;
        }
    }

    /// <summary>Ends the connection, and every one that is handed over later.</summary>
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
