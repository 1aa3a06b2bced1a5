using System.Diagnostics;

namespace Signals.Ipc.Threading;

/// <summary>
/// Relieves threads that read from a connection and on which user code blocks. One thread of the process observes all reading threads while user code
/// runs on any of them: the thread pool cannot, since user code may block all of its threads. If it does, the connections that wait for a thread of the
/// pool are relieved as well.
/// </summary>
/// <remarks>
/// Entering user code is frequent, so it costs no barrier: the thread that stops observing issues one for the whole process between announcing that and
/// looking at the roles once more.
/// </remarks>
internal static class BlockedReaders
{
    /// <summary>The number of observations without user code after which the thread sleeps.</summary>
    private const int IdlePeriods = 4;

    /// <summary>The time between two observations. User code blocks if two in succession find the same section.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(5);

    /// <summary>The time between two observations while user code blocks and none has begun for a while.</summary>
    private static readonly TimeSpan BlockedPeriod = TimeSpan.FromMilliseconds(20);

    /// <summary>Guards <see cref="Roles"/> and <see cref="thread"/>.</summary>
    private static readonly Lock Gate = new();

    private static readonly HashSet<ReadingRole> Roles = [];

    private static readonly AutoResetEvent Awakened = new(initialState: false);

    private static Thread? thread;

    private static volatile bool isWatching;

    /// <summary>The number of threads that have been relieved and whose user code has not returned.</summary>
    private static int blockedCount;

    /// <summary>The number of work items that the thread pool had completed at the last observation. Used by the thread alone.</summary>
    private static long completedItems;

    /// <summary>Gets a value that indicates whether reading threads are observed.</summary>
    internal static bool IsWatching => isWatching;

    /// <summary>Gets a value that indicates whether user code blocks a thread that has been relieved.</summary>
    internal static bool HasBlocked => Volatile.Read(ref blockedCount) > 0;

    /// <summary>Adds the role of a thread that begins to read.</summary>
    internal static void Add(ReadingRole role)
    {
        lock (Gate)
        {
            AssertInvariants();
            Roles.Add(role);
        }
    }

    /// <summary>Removes the role of a thread that reads no more.</summary>
    internal static void Remove(ReadingRole role)
    {
        lock (Gate)
        {
            AssertInvariants();
            Roles.Remove(role);
        }
    }

    /// <summary>Begins to observe the reading threads. Called when one of them enters user code.</summary>
    internal static void Watch()
    {
        lock (Gate)
        {
            AssertInvariants();
            if (thread is null)
            {
                thread = new Thread(Run) { IsBackground = true, Name = "Signals.Ipc: blocked readers" };
                thread.UnsafeStart();
            }

            isWatching = true;
        }

        Awakened.Set();
    }

    /// <summary>Counts a thread that has been relieved because user code blocks it.</summary>
    internal static void OnBlocked() => Interlocked.Increment(ref blockedCount);

    /// <summary>Stops counting a thread whose user code has returned.</summary>
    internal static void OnReturned() => Interlocked.Decrement(ref blockedCount);

    private static void Run()
    {
        List<ReadingRole> blocked = [];
        List<ReadingRole> sending = [];
        int idle = 0;
        while (true)
        {
            Thread.Sleep(Period);
            bool isPoolStuck = HasBlocked && IsPoolStuck();
            idle = Observe(isPoolStuck, blocked, sending) ? 0 : idle + 1;
            blocked.ForEach(static role => role.Relieve());
            blocked.Clear();
            sending.ForEach(static role => role.SendOverdue());
            sending.Clear();
            if (idle == IdlePeriods)
            {
                idle = WaitForUserCode() ? 0 : IdlePeriods - 1;
            }
        }
    }

    /// <summary>Returns a value that indicates whether work waits for the thread pool, and none has been completed since the last time.</summary>
    private static bool IsPoolStuck()
    {
        long completed = ThreadPool.CompletedWorkItemCount;
        bool isStuck = completed == completedItems && ThreadPool.PendingWorkItemCount != 0;
        completedItems = completed;
        return isStuck;
    }

    /// <summary>Observes all roles. Returns a value that indicates whether one has been active since the last time.</summary>
    /// <param name="isPoolStuck">A value that indicates whether no thread of the pool makes progress.</param>
    /// <param name="blocked">Receives the roles to relieve.</param>
    /// <param name="sending">Receives the roles whose frames may wait for the pool.</param>
    private static bool Observe(bool isPoolStuck, List<ReadingRole> blocked, List<ReadingRole> sending)
    {
        bool any = false;
        lock (Gate)
        {
            AssertInvariants();
            foreach (ReadingRole role in Roles)
            {
                if (role.Observe(isPoolStuck, out bool isActive))
                {
                    blocked.Add(role);
                }

                any |= isActive;
            }

            if (isPoolStuck)
            {
                sending.AddRange(Roles);
            }
        }

        return any || blocked.Count != 0;
    }

    /// <summary>
    /// Waits until user code runs on a reading thread. While other user code blocks, it returns after a while: the pool may be stuck without any new one.
    /// </summary>
    /// <returns>False if it has waited for that while.</returns>
    private static bool WaitForUserCode()
    {
        isWatching = false;

        // Either a thread that enters user code sees the line above, or this thread sees the user code.
        Interlocked.MemoryBarrierProcessWide();
        bool any;
        lock (Gate)
        {
            AssertInvariants();
            any = Roles.Any(static role => role.IsInUserCode);
        }

        if (any)
        {
            isWatching = true;
            return true;
        }

        return Awakened.WaitOne(HasBlocked ? BlockedPeriod : Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private static void AssertInvariants()
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        Debug.Assert(!isWatching || thread is not null, "Only the thread observes.");
    }
}
