namespace Signals;

/// <summary>
/// Adapter that starts an asynchronous slot. Each mode is a class that overrides <see cref="Admit"/>, which decides about an emission that finds
/// the slot running.
/// </summary>
/// <remarks>
/// All fields are guarded by <see cref="Gate"/>. It is held for a few instructions; no user code runs inside. The lock of the signal and that of
/// an evaluator may be taken around and inside of it, respectively, never the other way round.
/// </remarks>
internal abstract class AsyncSlot<TArguments> : SlotAdapter<TArguments>, IAsyncSlot, IEndingSlot
    where TArguments : struct, IArguments<TArguments>
{
    private readonly Delegate _slot;
    private readonly AsyncFailures _failures;

    /// <summary>The maximum number of active runs.</summary>
    private readonly int _limit;

    /// <summary>The queue entries of the evaluator that runs the slot, or null if the emitting thread does.</summary>
    private readonly AsyncStarts<TArguments>? _starts;

    /// <summary>The active runs, including those that the evaluator has queued.</summary>
    private LinkedEntries<AsyncRun<TArguments>> _active;

    /// <summary>The runs that wait until fewer are active.</summary>
    private LinkedEntries<AsyncRun<TArguments>> _queued;

    /// <summary>The runs for later use.</summary>
    private IdleRuns<TArguments> _idleRuns;

    /// <summary>The completion of the callers that wait until the connection is idle, or null.</summary>
    private TaskCompletionSource? _idle;

    /// <summary>A ticket for later use, or null.</summary>
    private RunTicket? _spareTicket;

    /// <summary>Indicates whether the connection has ended.</summary>
    private bool _hasEnded;

    /// <summary>Indicates whether the signal keeps the slot among the ended ones that are still running.</summary>
    private bool _isEnding;

    /// <summary>The work that remains after the connection has ended, between the two notifications.</summary>
    private Aftermath<TArguments> _aftermath;

    /// <summary>The execution context of the last emission and the one that is derived from it, or null.</summary>
    private RunScope? _scope;

    private protected AsyncSlot(Delegate slot, AsyncSlotOptions options, int limit, ConnectionEvaluator? evaluator)
    {
        _slot = slot;
        _failures = new AsyncFailures(options.ExceptionHandler);
        _limit = limit;
        if (evaluator is not null)
        {
            evaluator.EnableContinuations();
            _starts = new AsyncStarts<TArguments>(evaluator, slot, this);
        }
    }

    /// <inheritdoc/>
    public object Gate { get; } = new();

    internal sealed override ConnectionKind Kind => _starts is null ? ConnectionKind.Asynchronous : ConnectionKind.DeferredAsynchronous;

    internal sealed override Delegate UserSlot => _slot;

    internal sealed override ConnectionEvaluator? RunsOn => _starts?.RunsOn;

    internal sealed override bool IsNotified => true;

    /// <inheritdoc/>
    public bool IsEnding
    {
        get
        {
            using (Uninterruptible.Enter(Gate))
            {
                return _isEnding;
            }
        }
    }

    /// <inheritdoc/>
    public ConnectionHandle Handle { get; private set; }

    /// <inheritdoc/>
    public IEndingSlot? NextEnding { get; set; }

    /// <summary>Gets the queued runs.</summary>
    private protected ref LinkedEntries<AsyncRun<TArguments>> Queued => ref _queued;

    /// <summary>Gets the active runs.</summary>
    private protected ref LinkedEntries<AsyncRun<TArguments>> Active => ref _active;

    /// <inheritdoc/>
    public RunTicket RentTicket() => Interlocked.Exchange(ref _spareTicket, null) ?? new RunTicket(this);

    /// <inheritdoc/>
    public void ReturnTicket(RunTicket ticket)
    {
        if (ticket.TryReset())
        {
            Volatile.Write(ref _spareTicket, ticket);
        }
    }

    /// <inheritdoc/>
    public void Cancel(RunTicket ticket)
    {
        var after = default(Aftermath<TArguments>);
        using (Uninterruptible.Enter(Gate))
        {
            ticket.IsCancelRequested = true;
            if (ticket.IsEnded)
            {
                return;
            }

            if (Find(_queued, ticket) is { } queued)
            {
                RemoveQueued(queued, ref after);
            }
            else if (Find(_active, ticket) is { } active)
            {
                after.Cancel(active);
                if (!active.HasStarted)
                {
                    // The evaluator has queued it. When its turn comes, the next one takes its place.
                    after.End(active);
                }
            }
        }

        after.Perform(this);
    }

    internal sealed override void OnPreparing() => _starts?.OnPreparing();

    internal sealed override void OnRejected() => _starts?.OnRejected();

    internal sealed override void OnConnecting(ConnectionHandle handle)
    {
        Handle = handle;
        _starts?.OnConnecting(handle);
    }

    internal sealed override void OnConnected() => _starts?.OnConnected();

    internal sealed override void Run(TArguments arguments)
    {
        RunTicket? ticket = RunTicket.Take();
        var after = default(Aftermath<TArguments>);
        AsyncRun<TArguments>? started = null;
        TaskCompletionSource? room = null;
        using (Uninterruptible.Enter(Gate))
        {
            if (_hasEnded || ticket is { IsCancelRequested: true })
            {
                after.End(ticket);
            }
            else
            {
                AsyncRun<TArguments> run = _idleRuns.Rent(this, arguments, ticket);
                if (_active.Count < _limit)
                {
                    Activate(run);
                    started = run;
                }
                else
                {
                    Admit(run, ref after);
                    room = run.Room;
                }
            }
        }

        after.Perform(this);
        if (started is not null)
        {
            Start(started);
        }
        else if (room is not null)
        {
            if (ticket is null)
            {
                WaitForRoom(room);
            }
            else
            {
                ticket.Room = room.Task;
            }
        }
    }

    internal sealed override void OnDisconnecting()
    {
        // The entries of the evaluator first: a thread that sees that the connection has ended must also see that none is queued.
        _starts?.OnDisconnecting();
        using (Uninterruptible.Enter(Gate))
        {
            _hasEnded = true;
            for (AsyncRun<TArguments>? run = _active.First; run is not null; )
            {
                AsyncRun<TArguments>? next = run.Next;
                if (run.HasStarted)
                {
                    _aftermath.Cancel(run);
                }
                else
                {
                    run.IsCanceled = true;
                    Deactivate(run, ref _aftermath);
                }

                run = next;
            }

            while (_queued.First is { } queued)
            {
                RemoveQueued(queued, ref _aftermath);
            }

            _isEnding = _active.Count != 0;
            EndIdleWait(ref _aftermath);
        }
    }

    internal sealed override void OnDisconnected(bool signalEnded)
    {
        _starts?.OnDisconnected(signalEnded);
        Aftermath<TArguments> after;
        using (Uninterruptible.Enter(Gate))
        {
            after = _aftermath;
            _aftermath = default;
        }

        after.Perform(this);
    }

    /// <inheritdoc/>
    public Task WhenIdleAsync()
    {
        using (Uninterruptible.Enter(Gate))
        {
            return _active.Count == 0 ? Task.CompletedTask : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Runs the slot for an entry of the evaluator's queue. Returns whether the slot was called.</summary>
    internal bool RunQueued(AsyncRun<TArguments> run)
    {
        while (!TryBegin(run))
        {
            if (End(run) is not { } replacement)
            {
                return false;
            }

            run = replacement;
        }

        if (run.Invoke(IsScoped, ref _scope) && End(run) is { } next)
        {
            Start(next);
        }

        return true;
    }

    /// <summary>Ends a run that the evaluator has not queued, or has dropped. Called while no lock is held.</summary>
    internal void OnDropped(AsyncRun<TArguments> run)
    {
        if (End(run) is { } next)
        {
            Start(next);
        }
    }

    /// <summary>Reports exceptions of the callbacks of a run's token.</summary>
    internal void ObserveCancellation(Task canceled)
    {
        if (!canceled.IsCompletedSuccessfully)
        {
            _failures.ObserveCancellation(canceled, Handle);
        }
    }

    /// <summary>Decides about an emission that finds the maximum number of runs active. Called while the lock is held.</summary>
    private protected abstract void Admit(AsyncRun<TArguments> run, ref Aftermath<TArguments> after);

    /// <summary>Ends a run that has not been queued. Called while the lock is held.</summary>
    private protected void Skip(AsyncRun<TArguments> run, ref Aftermath<TArguments> after)
    {
        after.End(run);
        Return(run);
    }

    /// <summary>Removes a run from the queue. Called while the lock is held.</summary>
    private protected virtual void RemoveQueued(AsyncRun<TArguments> run, ref Aftermath<TArguments> after)
    {
        _queued.Remove(run);
        after.End(run);
        Return(run);
    }

    /// <summary>Called after a run has left the queue because it becomes active, while the lock is held.</summary>
    private protected virtual void OnDequeued(AsyncRun<TArguments> run, ref Aftermath<TArguments> after) { }

    /// <summary>Gets a value that indicates whether the current thread must not wait for room in the queue.</summary>
    private protected bool IsInsideRound => _starts is { IsInsideRound: true };

    /// <summary>Gets or sets a value that indicates whether code that the slot has called can be recognized.</summary>
    private protected bool IsScoped { get; init; }

    /// <summary>Gets a value that indicates whether the current code was called by a run of this connection.</summary>
    private protected bool IsInsideRun => RunScope.IsInside(this);

    private static AsyncRun<TArguments>? Find(LinkedEntries<AsyncRun<TArguments>> list, RunTicket ticket)
    {
        AsyncRun<TArguments>? run = list.First;
        while (run is not null && run.Ticket != ticket)
        {
            run = run.Next;
        }

        return run;
    }

    /// <summary>Blocks the emitting thread until there is room, or until its run is dropped.</summary>
    private void WaitForRoom(TaskCompletionSource room)
    {
        try
        {
            room.Task.Wait();
        }
        catch (ThreadInterruptedException)
        {
            GiveUp(room);
            throw;
        }
    }

    /// <summary>Removes a run from the queue whose emission does not wait for room any longer.</summary>
    private void GiveUp(TaskCompletionSource room)
    {
        var after = default(Aftermath<TArguments>);
        using (Uninterruptible.Enter(Gate))
        {
            AsyncRun<TArguments>? run = _queued.First;
            while (run is not null && run.Room != room)
            {
                run = run.Next;
            }

            if (run is not null)
            {
                RemoveQueued(run, ref after);
            }
        }

        after.Perform(this);
    }

    /// <summary>Starts active runs, one after the other as long as they end immediately. Called while no lock is held.</summary>
    private void Start(AsyncRun<TArguments> run)
    {
        AsyncRun<TArguments>? next = run;
        while (next is not null)
        {
            if (_starts is null)
            {
                next = !TryBegin(next) || next.Invoke(IsScoped, ref _scope) ? End(next) : null;
            }
            else
            {
                next = _starts.Queue(next) ? null : End(next);
            }
        }
    }

    /// <summary>Marks a run as started. Returns false if it has been canceled before.</summary>
    private bool TryBegin(AsyncRun<TArguments> run)
    {
        using (Uninterruptible.Enter(Gate))
        {
            run.HasStarted = !run.IsCanceled;
            return run.HasStarted;
        }
    }

    /// <summary>Ends a run whose task has ended later than its start.</summary>
    internal void OnEnded(AsyncRun<TArguments> run)
    {
        if (End(run) is { } next)
        {
            Start(next);
        }
    }

    /// <summary>Ends a run, and returns the one that is to be started next. Called while no lock is held.</summary>
    private AsyncRun<TArguments>? End(AsyncRun<TArguments> run)
    {
        if (run.Failure is { } failure)
        {
            Report(run, failure);
        }

        var after = default(Aftermath<TArguments>);
        AsyncRun<TArguments>? next = null;
        bool isForgotten = false;
        using (Uninterruptible.Enter(Gate))
        {
            if (run.IsActive)
            {
                Deactivate(run, ref after);
                Return(run);
                next = _queued.First;
                if (next is not null)
                {
                    _queued.Remove(next);
                    OnDequeued(next, ref after);
                    Activate(next);
                }

                EndIdleWait(ref after);
                isForgotten = _isEnding && _active.Count == 0;
                _isEnding &= !isForgotten;
            }
        }

        if (isForgotten)
        {
            Handle.Signal?.Forget(this);
        }

        after.Perform(this);
        return next;
    }

    private void Report(AsyncRun<TArguments> run, Exception failure)
    {
        RunTicket? ticket;
        using (Uninterruptible.Enter(Gate))
        {
            if (failure is OperationCanceledException && run.IsCanceled)
            {
                return;
            }

            ticket = run.Ticket;
        }

        _failures.Report(failure, Handle, ticket);
    }

    private void Return(AsyncRun<TArguments> run)
    {
        if (!_hasEnded)
        {
            _idleRuns.Return(run);
        }
    }

    private void Activate(AsyncRun<TArguments> run)
    {
        run.IsActive = true;
        _active.Add(run);
    }

    private void Deactivate(AsyncRun<TArguments> run, ref Aftermath<TArguments> after)
    {
        run.IsActive = false;
        _active.Remove(run);
        after.End(run);
    }

    private void EndIdleWait(ref Aftermath<TArguments> after)
    {
        if (_active.Count == 0 && _idle is not null)
        {
            after.EndIdleWait(ref _idle);
        }
    }
}
