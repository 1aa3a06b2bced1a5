namespace Signals;

/// <summary>The connections of the handlers of an event that a property implements by its signal.</summary>
internal sealed class HandlerConnections
{
    private readonly List<(Delegate Handler, ConnectionHandle Connection)> _connections = [];

    /// <summary>Returns the connections of a property.</summary>
    internal static HandlerConnections Of<T>(PropertyBase<T> property)
    {
        var made = new HandlerConnections();
        PropertyGraph.Lock.Enter();
        try
        {
            return property.EnsureExtrasOfT().Handlers ??= made;
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }
    }

    internal void Add(Delegate handler, ConnectionHandle connection)
    {
        using (Uninterruptible.Enter(_connections))
        {
            _connections.Add((handler, connection));
        }
    }

    /// <summary>Ends the latest connection of a handler, as an event does.</summary>
    internal void Remove(Delegate? handler)
    {
        ConnectionHandle connection;
        using (Uninterruptible.Enter(_connections))
        {
            int index = _connections.FindLastIndex(entry => entry.Handler == handler);
            if (index < 0)
            {
                return;
            }

            connection = _connections[index].Connection;
            _connections.RemoveAt(index);
        }

        connection.Disconnect();
    }
}
