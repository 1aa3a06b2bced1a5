using System.Diagnostics;

namespace Signals;

/// <summary>Owns any number of connections of any signals and ends them together.</summary>
/// <remarks>
/// All members are thread-safe. The group releases handles whose connections have ended when further connections are added. A group that is
/// never disposed leaves its connections active: there is no finalizer.
/// </remarks>
[DebuggerDisplay("Count = {Count}")]
public sealed class ConnectionGroup : IDisposable
{
    private const int FirstSweep = 16;

    private readonly object _lock = new();
    private List<ConnectionHandle> _connections = [];
    private bool _disposed;

    /// <summary>Number of handles at which ended connections are removed: twice the number that remained the last time.</summary>
    private int _nextSweep = FirstSweep;

    /// <summary>Gets the number of active connections in the group.</summary>
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

    /// <summary>Adds a connection. If the group has been disposed, ends the connection immediately, so that it does not stay active.</summary>
    /// <param name="connection">The handle of the connection, which may be inactive.</param>
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

    /// <summary>Ends all connections in the group, in the order in which they were added. The group can be used again afterwards.</summary>
    public void DisconnectAll() => DisconnectAll(dispose: false);

    /// <summary>Ends all connections in the group. Connections that are added later end immediately.</summary>
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
