namespace Signals.Ipc.Host;

/// <summary>
/// Counts the memory of the pending requests of all clients of a host. While it is used up, each client gets an equal share of it, so that a client
/// that has less than its share is not affected.
/// </summary>
internal sealed class RequestBudget(long maxBytes)
{
    /// <summary>Guards <see cref="_paused"/>.</summary>
    private readonly Lock _lock = new();

    /// <summary>The clients that are not being read, for any reason, including those that the budget has paused.</summary>
    private readonly HashSet<HostConnection> _paused = [];

    private long _bytes;
    private int _clients;

    /// <summary>Gets the bytes of all pending requests.</summary>
    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Counts one client more or less.</summary>
    internal void CountClient(int difference)
    {
        Interlocked.Add(ref _clients, difference);
        if (difference < 0 && Bytes >= maxBytes)
        {
            // Each share is larger now.
            ResumePaused();
        }
    }

    /// <summary>Returns whether the budget is used up, and a client with so many bytes has more than its share of it.</summary>
    internal bool IsOverShare(long bytes) => Bytes >= maxBytes && bytes > maxBytes / Math.Max(1, Volatile.Read(ref _clients));

    /// <summary>Counts a request that is kept.</summary>
    internal void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Stops counting a request, and resumes the clients that wait for that.</summary>
    internal void Release(long bytes)
    {
        long left = Interlocked.Add(ref _bytes, -bytes);
        if (left >= maxBytes || left + bytes < maxBytes)
        {
            return;
        }

        ResumePaused();
    }

    /// <summary>Has the paused clients look again whether they must be.</summary>
    private void ResumePaused()
    {
        HostConnection[] paused;
        lock (_lock)
        {
            paused = [.. _paused];
        }

        Array.ForEach(paused, connection => connection.ResumeIfPossible());
    }

    /// <summary>Remembers a client that has been paused. It must then check again whether it still has to be.</summary>
    internal void Notify(HostConnection connection)
    {
        lock (_lock)
        {
            _paused.Add(connection);
        }

        // Either Release sees the client, or the client sees what was released.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Forgets a client that is read again or has disconnected.</summary>
    internal void Forget(HostConnection connection)
    {
        lock (_lock)
        {
            _paused.Remove(connection);
        }
    }
}
