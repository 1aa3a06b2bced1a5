using Signals.Ipc.Connections;

namespace Signals.Ipc.Host;

/// <summary>
/// Counts the active calls of a client, by which it is paused, found idle and drained. All members are thread-safe, unless noted otherwise.
/// </summary>
/// <param name="sender">The sender of the replies, which draining waits for.</param>
internal sealed class CallCounts(FrameSender sender)
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A call in the upper half of <see cref="_pending"/>.</summary>
    private const long Replying = 1L << 32;

    /// <summary>
    /// In the lower half, the number of calls that do not end with the running method, because their last reply follows later or their method blocks. In the
    /// upper half, the number of those whose last reply is being passed to the sender. One field, so that a call leaves both counts at the same time.
    /// </summary>
    private long _pending;

    /// <summary>
    /// The state of a call that <see cref="_pending"/> does not count. Written only by the receive loop, so that a call that is
    /// answered synchronously needs no interlocked operation.
    /// </summary>
    private volatile InvocationState _invocation;

    /// <summary>Indicates whether a frame has arrived, or a call has ended, since the last idle step.</summary>
    private bool _wasActive = true;

    private int _idleSteps;

    /// <summary>Indicates whether new calls are refused.</summary>
    private volatile bool _isStopping;

    /// <summary>Indicates whether draining may complete: every call that was not refused is visible to all threads.</summary>
    private volatile bool _isDraining;

    /// <summary>
    /// Gets the number of active calls, from the first instruction of their methods until their last reply is passed to the sender. The number is never too low.
    /// </summary>
    internal int Active
    {
        get
        {
            // The order matters: a call is added to the second count before it leaves the first one.
            int running = Running;
            long pending = Volatile.Read(ref _pending);
            return running + (int)pending - (int)(pending >> 32);
        }
    }

    /// <summary>Gets the number of calls that have not ended, including those whose last reply is being passed to the sender.</summary>
    internal int Unended
    {
        get
        {
            int running = Running;
            return running + Pending;
        }
    }

    private int Running => _invocation == InvocationState.Running ? 1 : 0;

    private int Pending => (int)Volatile.Read(ref _pending);

    /// <summary>Gets a value that indicates whether new calls are refused.</summary>
    internal bool IsStopping => _isStopping;

    /// <summary>Gets a value that indicates whether a call is active, or its last reply has not been passed to the sender.</summary>
    private bool HasCalls => _invocation != InvocationState.None || Pending != 0;

    /// <summary>Records that the client is active: its idle time begins now.</summary>
    internal void MarkActive() => Volatile.Write(ref _wasActive, true);

    /// <summary>Called once in every idle step. Returns the number of consecutive steps without activity of the client.</summary>
    internal int CountIdleStep()
    {
        // The order matters: a call that ends marks the client as active before it is no longer counted.
        bool hasCalls = HasCalls;
        bool wasActive = Interlocked.Exchange(ref _wasActive, false);
        _idleSteps = hasCalls || wasActive ? 0 : _idleSteps + 1;
        return _idleSteps;
    }

    /// <summary>Begins a call. Called by the receive loop, before it checks whether the host is stopping.</summary>
    internal void BeginInvocation() => _invocation = InvocationState.Running;

    /// <summary>Records that the method has returned or thrown, and its only reply is being passed to the sender. Called by the receive loop.</summary>
    internal void BeginReplying()
    {
        if (_invocation == InvocationState.Running)
        {
            _invocation = InvocationState.Replying;
        }
    }

    /// <summary>Stops counting the running call, which has ended or is counted as pending. Called by the receive loop.</summary>
    internal void LeaveInvocation() => _invocation = InvocationState.None;

    /// <summary>Counts the running call as pending, because its method blocks. Called in the place of the receive loop.</summary>
    /// <returns>False if the method has returned.</returns>
    internal bool TryBecomePending()
    {
        if (_invocation != InvocationState.Running)
        {
            return false;
        }

        BeginPending();
        LeaveInvocation();
        return true;
    }

    /// <summary>Counts a call as pending.</summary>
    internal void BeginPending() => Interlocked.Increment(ref _pending);

    /// <summary>Records that the last reply of a pending call is being passed to the sender: the call is no longer active.</summary>
    internal void BeginPendingReply() => Interlocked.Add(ref _pending, Replying);

    /// <summary>Stops counting a pending call.</summary>
    /// <param name="hasReply">Indicates whether <see cref="BeginPendingReply"/> has been called for the call.</param>
    internal void EndPending(bool hasReply)
    {
        // The idle time begins now, not with the last request.
        MarkActive();
        Interlocked.Add(ref _pending, hasReply ? -1 - Replying : -1);
    }

    /// <summary>
    /// Refuses further calls. Completes when the active ones have ended and their replies have been sent, or the client has disconnected.
    /// </summary>
    /// <param name="onStopping">Called when further calls are refused.</param>
    internal Task DrainAsync(Action onStopping)
    {
        _isStopping = true;
        onStopping();

        // Either this thread sees that no call is left, or the thread that ends the last call sees the line above, without a barrier of its own.
        Interlocked.MemoryBarrierProcessWide();

        // Not earlier: a thread that completes the draining must see each call that has not seen _isStopping.
        _isDraining = true;
        Interlocked.MemoryBarrierProcessWide();
        CompleteDrained();
        return _drained.Task;
    }

    /// <summary>Completes the draining if nothing is left. Called when a call has ended, or bytes have been sent.</summary>
    internal void CompleteDrained()
    {
        if (_isDraining && !HasCalls && sender.UnsentBytes == 0)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>Completes the draining, because the client has disconnected.</summary>
    internal void EndDraining() => _drained.TrySetResult();
}
