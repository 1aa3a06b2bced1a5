using System.Diagnostics;

namespace Signals.Ipc.Threading;

/// <summary>
/// Relieves threads that read from a connection and on which user code blocks. One thread of the process observes all reading threads while user code
/// runs on any of them: the thread pool cannot, since user code may block all of its threads.
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

    /// <summary>Guards <see cref="Roles"/> and <see cref="thread"/>.</summary>
    private static readonly Lock Gate = new();

    private static readonly HashSet<ReadingRole> Roles = [];

    private static readonly AutoResetEvent Awakened = new(initialState: false);

    private static Thread? thread;

    private static volatile bool isWatching;

    /// <summary>Gets a value that indicates whether reading threads are observed.</summary>
    internal static bool IsWatching => isWatching;

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

    private static void Run()
    {
        List<ReadingRole> blocked = [];
        int idle = 0;
        while (true)
        {
            Thread.Sleep(Period);
            idle = Observe(blocked) ? 0 : idle + 1;
            blocked.ForEach(static role => role.Relieve());
            blocked.Clear();
            if (idle == IdlePeriods)
            {
                idle = 0;
                Sleep();
            }
        }
    }

    /// <summary>Observes all roles. Returns a value that indicates whether user code has run since the last time.</summary>
    private static bool Observe(List<ReadingRole> blocked)
    {
        bool any = false;
        lock (Gate)
        {
            AssertInvariants();
            foreach (ReadingRole role in Roles)
            {
                if (role.Observe(out bool isActive))
                {
                    blocked.Add(role);
                }

                any |= isActive;
            }
        }

        return any || blocked.Count != 0;
    }

    /// <summary>Waits until user code runs on a reading thread.</summary>
    private static void Sleep()
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
            return;
        }

        Awakened.WaitOne();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private static void AssertInvariants()
    {
        Debug.Assert(Gate.IsHeldByCurrentThread);
        Debug.Assert(!isWatching || thread is not null, "Only the thread observes.");
    }
}
