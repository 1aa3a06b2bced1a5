namespace Signals;

/// <summary>Blocks a connection for as long as a <see langword="using"/> block runs, and then restores the state that it found.</summary>
/// <remarks>Does nothing at its end if the connection has ended meanwhile. <see langword="default"/> blocks nothing.</remarks>
public readonly ref struct ConnectionBlocker : IDisposable
{
    private readonly ConnectionHandle _handle;
    private readonly bool _wasBlocked;

    /// <summary>Blocks a connection.</summary>
    /// <param name="handle">The connection.</param>
    /// <exception cref="InvalidOperationException">The connection has ended.</exception>
    public ConnectionBlocker(ConnectionHandle handle)
    {
        _handle = handle;
        _wasBlocked = handle.Block(true);
    }

    /// <summary>Restores the state that the connection had.</summary>
    public void Dispose() => _handle.TryBlock(_wasBlocked);
}
