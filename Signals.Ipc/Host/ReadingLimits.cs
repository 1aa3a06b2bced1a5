using System.Diagnostics;
using Signals.Ipc.Services;

namespace Signals.Ipc.Host;

/// <summary>
/// Pauses the reading of a client that has reached a limit, and resumes it. Replies of streams wait earlier, so that they alone do not keep the client's
/// cancellations from being read. All members are thread-safe.
/// </summary>
/// <param name="connection">The connection of the client.</param>
/// <param name="calls">The counts of its calls.</param>
/// <param name="budget">The memory of the requests of all clients.</param>
/// <param name="options">The limits.</param>
internal sealed class ReadingLimits(HostConnection connection, CallCounts calls, RequestBudget budget, IpcHostOptions options)
{
    /// <summary>The interval at which a paused client is checked for being connected.</summary>
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Guards everything below but the bytes, and pausing, so that reading is not resumed for a reason that arose before it was paused.
    /// </summary>
    private readonly Lock _lock = new();

    /// <summary>Completed when the client accepts replies again; null while no stream waits for that.</summary>
    private TaskCompletionSource<bool>? _room;

    /// <summary>Checks that a paused client is still connected, on systems that do not report it.</summary>
    private ITimer? _probe;

    /// <summary>A value that indicates whether the client has disconnected.</summary>
    private bool _isGone;

    /// <summary>The memory of the requests of the pending calls, in bytes.</summary>
    private long _requestBytes;

    /// <summary>Gets the state of the client.</summary>
    internal CallerState State =>
        connection.IsClosed ? CallerState.Gone
        : connection.Sender.UnsentBytes > options.MaxUnsentBytes / 2 ? CallerState.Full
        : CallerState.Ready;

    /// <summary>Gets a value that indicates whether the client does not read its replies.</summary>
    internal bool IsFull => connection.Sender.UnsentBytes > options.MaxUnsentBytes;

    /// <summary>Gets a value that indicates whether a limit is reached.</summary>
    internal bool MustPause => calls.Active >= CallLimit || IsFull || HasLargeRequests;

    /// <summary>
    /// Gets the number of active calls at which reading is paused. A client that knows the limit observes it, but counts a canceled call no longer while
    /// its method is still ending.
    /// </summary>
    private long CallLimit => connection.HasControl ? 2L * options.MaxConcurrentCalls : options.MaxConcurrentCalls;

    /// <summary>
    /// Gets a value that indicates whether the client's pending requests use all of the memory that they may. Always false for a client without a
    /// pending request, so that it can always send one.
    /// </summary>
    private bool HasLargeRequests
    {
        get
        {
            long bytes = Volatile.Read(ref _requestBytes);
            return bytes != 0 && (bytes >= options.MaxRequestBytes || budget.IsOverShare(bytes));
        }
    }

    /// <summary>Counts the memory of a request.</summary>
    internal void HoldRequest(long bytes)
    {
        Interlocked.Add(ref _requestBytes, bytes);
        budget.Add(bytes);
    }

    /// <summary>Stops counting the memory of a request.</summary>
    internal void ReleaseRequest(long bytes)
    {
        Interlocked.Add(ref _requestBytes, -bytes);
        budget.Release(bytes);
    }

    /// <summary>Waits until the client accepts replies again.</summary>
    /// <returns>False if the client has disconnected.</returns>
    internal async ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken)
    {
        Task<bool> room;
        lock (_lock)
        {
            AssertInvariants();
            if (State != CallerState.Full)
            {
                return !connection.IsClosed;
            }

            _room ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _room.Task;
        }

        // A send that completed between the check and the creation of the task source has not completed it.
        AnnounceRoom();
        return await room.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Resumes the streams that wait for room, if there is enough of it to make the next send worthwhile.</summary>
    internal void AnnounceRoom()
    {
        if (Volatile.Read(ref _room) is null || connection.Sender.UnsentBytes > options.MaxUnsentBytes / 4)
        {
            return;
        }

        TaskCompletionSource<bool>? room;
        lock (_lock)
        {
            AssertInvariants();
            room = _room;
            _room = null;
        }

        room?.TrySetResult(true);
    }

    /// <summary>Pauses reading. Called by the receive loop when a limit is reached.</summary>
    internal void Pause()
    {
        bool begins;
        lock (_lock)
        {
            AssertInvariants();
            begins = !connection.IsReadingPaused;
            connection.PauseReading();
            begins &= connection.IsReadingPaused;
        }

        if (begins)
        {
            connection.LogPaused(ReachedLimit());
        }

        StartProbing();
        if (connection.IsReadingPaused)
        {
            budget.Notify(connection);
            if (connection.IsClosed)
            {
                budget.Forget(connection);
            }
        }

        // The reason for the pause may have ended before other threads could see that reading is paused.
        ResumeIfPossible();
    }

    /// <summary>Resumes reading if no reason to pause remains.</summary>
    internal void ResumeIfPossible()
    {
        if (!connection.IsReadingPaused)
        {
            return;
        }

        ITimer? probe;
        lock (_lock)
        {
            AssertInvariants();
            if (!connection.IsReadingPaused || MustPause)
            {
                return;
            }

            probe = _probe;
            _probe = null;

            // Before it can be paused again.
            budget.Forget(connection);
            connection.ResumeReading();
        }

        probe?.Dispose();
    }

    /// <summary>Releases everything that waits for the client, which has disconnected.</summary>
    internal void End()
    {
        budget.Forget(connection);
        ITimer? probe;
        lock (_lock)
        {
            AssertInvariants();
            _isGone = true;
            _room?.TrySetResult(false);
            _room = null;
            probe = _probe;
            _probe = null;
        }

        probe?.Dispose();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_isGone || (_room is null && _probe is null), "A client that has disconnected has no room, and is not probed.");
    }

    /// <summary>Returns a text that names the limit for which reading is paused.</summary>
    private string ReachedLimit() =>
        calls.Active >= CallLimit ? $"{nameof(IpcHostOptions.MaxConcurrentCalls)} ({options.MaxConcurrentCalls}) are active"
        : IsFull ? $"{nameof(IpcHostOptions.MaxUnsentBytes)} ({options.MaxUnsentBytes}) wait for the client to read them"
        : $"its pending requests take {nameof(IpcHostOptions.MaxRequestBytes)} ({options.MaxRequestBytes}), or all clients' {nameof(IpcHostOptions.MaxTotalRequestBytes)}";

    /// <summary>
    /// Starts to check that a paused client is connected, where only sending can show it: its calls may end only when it disconnects.
    /// </summary>
    private void StartProbing()
    {
        if (connection.DetectsHangup)
        {
            return;
        }

        // Outside the lock: the time provider is user code.
        ITimer probe = options.Time.CreateTimer(static state => ((ReadingLimits)state!).Probe(), this, ProbePeriod, ProbePeriod);
        ITimer? superfluous = probe;
        lock (_lock)
        {
            AssertInvariants();
            if (!connection.IsClosed && connection.IsReadingPaused)
            {
                (superfluous, _probe) = (_probe, probe);
            }
        }

        superfluous?.Dispose();
    }

    private void Probe() => connection.Probe();
}
