using System.Diagnostics;

namespace Signals.Ipc.Host;

/// <summary>
/// Limits the memory of the pending requests of all clients of a host. At the limit, each client may use an equal share, so that a client
/// that uses less than its share is not affected.
/// </summary>
internal sealed class RequestBudget(long maxBytes)
{
    /// <summary>Guards <see cref="_paused"/>.</summary>
    private readonly Lock _lock = new();

    /// <summary>The clients that are not being read, for any reason, including those that the budget has paused.</summary>
    private readonly HashSet<HostConnection> _paused = [];

    private long _bytes;
    private int _clients;

    /// <summary>Gets the memory of all pending requests, in bytes.</summary>
    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Adds a client to the number of clients, or removes one.</summary>
    internal void CountClient(int difference)
    {
        Interlocked.Add(ref _clients, difference);
        if (difference < 0 && Bytes >= maxBytes)
        {
            // The share of each client is larger now.
            ResumePaused();
        }
    }

    /// <summary>Returns a value that indicates whether the limit is reached and a client with so many bytes exceeds its share.</summary>
    internal bool IsOverShare(long bytes) => Bytes >= maxBytes && bytes > maxBytes / Math.Max(1, Volatile.Read(ref _clients));

    /// <summary>Adds the memory of a pending request.</summary>
    internal void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Subtracts the memory of a request, and resumes the clients that wait for it.</summary>
    internal void Release(long bytes)
    {
        long left = Interlocked.Add(ref _bytes, -bytes);
        if (left >= maxBytes || left + bytes < maxBytes)
        {
            return;
        }

        ResumePaused();
    }

    /// <summary>Resumes the paused clients that no longer need to be paused.</summary>
    private void ResumePaused()
    {
        HostConnection[] paused;
        lock (_lock)
        {
            AssertInvariants();
            paused = [.. _paused];
        }

        Array.ForEach(paused, connection => connection.ResumeIfPossible());
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(maxBytes > 0);
        Debug.Assert(Volatile.Read(ref _bytes) >= 0, "Memory is released once.");
        Debug.Assert(Volatile.Read(ref _clients) >= 0, "A client is removed once.");
    }

    /// <summary>Adds a client that has been paused. The client must then check again whether it has to be paused.</summary>
    internal void Notify(HostConnection connection)
    {
        lock (_lock)
        {
            AssertInvariants();
            _paused.Add(connection);
        }

        // Either Release sees the client, or the client sees the released memory.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Removes a client whose reading has resumed or that has disconnected.</summary>
    internal void Forget(HostConnection connection)
    {
        lock (_lock)
        {
            AssertInvariants();
            _paused.Remove(connection);
        }
    }
}
