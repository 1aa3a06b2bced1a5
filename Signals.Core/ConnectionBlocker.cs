namespace Signals;

/// <summary>Blocks a connection for the duration of a <see langword="using"/> block, and then restores its previous state.</summary>
/// <remarks>The <see langword="default"/> value blocks no connection.</remarks>
public readonly ref struct ConnectionBlocker : IDisposable
{
    private readonly ConnectionHandle _handle;
    private readonly bool _wasBlocked;

    /// <summary>Initializes a new instance of the <see cref="ConnectionBlocker"/> struct and blocks a connection.</summary>
    /// <param name="handle">The handle of the connection.</param>
    /// <exception cref="InvalidOperationException">The connection has ended.</exception>
    public ConnectionBlocker(ConnectionHandle handle)
    {
        _handle = handle;
        _wasBlocked = handle.Block(true);
    }

    /// <summary>Restores the state that the connection had before. Does nothing if the connection has ended.</summary>
    public void Dispose() => _handle.TryBlock(_wasBlocked);
}
