using System.Diagnostics;

namespace Signals;

/// <summary>Owns any number of connections, of any signals, and ends them together.</summary>
/// <remarks>Thread-safe. Connections that have ended by themselves are forgotten as others are added.</remarks>
[DebuggerDisplay("Count = {Count}")]
public sealed class ConnectionGroup : IDisposable
{
    private const int FirstSweep = 16;

    private readonly object _lock = new();
    private List<ConnectionHandle> _connections = [];
    private bool _disposed;

    /// <summary>How many connections are kept before those that have ended are looked for: twice as many as were left last time.</summary>
    private int _nextSweep = FirstSweep;

    /// <summary>How many of the group's connections stand.</summary>
    public int Count
    {
        get
        {
            using (Uninterruptible.Enter(_lock))
            {
                return _connections.Count(connection => connection.IsActive);
            }
        }
    }

    /// <summary>Adds a connection. A group that has been disposed ends it at once, so that nothing is left standing.</summary>
    /// <param name="connection">The connection; may be inactive.</param>
    public void Add(ConnectionHandle connection)
    {
        using (Uninterruptible.Enter(_lock))
        {
            if (!_disposed)
            {
                if (_connections.Count >= _nextSweep)
                {
                    _connections.RemoveAll(kept => !kept.IsActive);
                    _nextSweep = Math.Max(FirstSweep, _connections.Count * 2);
                }

                _connections.Add(connection);
                return;
            }
        }

        connection.Disconnect();
    }

    /// <summary>Ends all connections of the group, in the order in which they were added. The group can be used again.</summary>
    public void DisconnectAll() => DisconnectAll(dispose: false);

    /// <summary>Ends all connections of the group, and every one that is added later.</summary>
    public void Dispose() => DisconnectAll(dispose: true);

    private void DisconnectAll(bool dispose)
    {
        List<ConnectionHandle> ended;
        using (Uninterruptible.Enter(_lock))
        {
            ended = _connections;
            _connections = [];
            _nextSweep = FirstSweep;
            _disposed |= dispose;
        }

        foreach (ConnectionHandle connection in ended)
        {
            connection.Disconnect();
        }
    }
}
