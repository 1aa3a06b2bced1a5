namespace Signals;

/// <summary>Node of an effect: it is observed from its first run until it is disposed.</summary>
/// <param name="body">What the effect does.</param>
/// <param name="evaluator">The evaluator that runs the effect, or null.</param>
/// <param name="text">The source text, for messages.</param>
internal sealed class EffectNode(IEffectBody body, ConnectionEvaluator? evaluator, string? text) : PropertyBase, IDisposable
{
    private static long _lastId;

    private ComputationState _state = new();
    private PropertyScope? _scope;
    private ConnectionHandle _evaluatorDisposed;

    /// <summary>One if the effect is in the evaluator's queue.</summary>
    private int _posted;

    /// <summary>Gets the position in the order of creation.</summary>
    internal long Id { get; } = Interlocked.Increment(ref _lastId);

    internal string? Text => text;

    internal bool IsDisposed => _state.Is(ComputationState.Ended);

    /// <summary>Gets the scope of the first property that the first run has read.</summary>
    internal override PropertyScope Scope => _scope ?? PropertyScope.Default;

    internal override PropertyExtras? Extras => null;

    internal override bool IsComputing => true;

    internal override bool IsEffect => true;

    internal override ref ComputationState State => ref _state;

    /// <summary>Disposes the effect when its evaluator is disposed. Throws if it has been.</summary>
    internal void FollowEvaluator()
    {
        _evaluatorDisposed = evaluator!.Disposed.ConnectWeak(this, static effect => effect.EndWithEvaluator());
    }

    /// <summary>Runs the effect for the first time. If it throws, it is not connected to anything.</summary>
    internal void RunFirst()
    {
        PropertyContext context = PropertyContext.Current;
        context.Depth++;
        try
        {
            Run(context, isFirst: true);
        }
        finally
        {
            context.Depth--;
            context.TellScheduled();
        }
    }

    /// <summary>Queues a run in the evaluator, unless one is queued.</summary>
    internal void Post()
    {
        if (Interlocked.Exchange(ref _posted, 1) == 0)
        {
            evaluator!.Post(RunPosted);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        PropertyGraph.Lock.Enter();
        try
        {
            if (IsDisposed)
            {
                return;
            }

            PropertyGraph.End(this);
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        _evaluatorDisposed.Disconnect();
    }

    internal override PropertyExtras EnsureExtras() => throw new NotSupportedException();

    internal override void QueueAfterBatch(long change, PropertyContext context)
    {
        _state.Clear(ComputationState.Held);
        OnMarked(change, context);
    }

    internal override void OnMarked(long change, PropertyContext context)
    {
        if (!_state.Is(ComputationState.Queued) && !IsDisposed)
        {
            _state.Set(ComputationState.Queued);
            Scope.Queue(this, TellingKind.Effect, change, context.Depth);
            context.Schedule(Scope);
        }
    }

    internal override bool Prepare(PropertyContext context, ref PropertyFailures failures)
    {
        try
        {
            return !IsDisposed && (evaluator is not null || PropertyGraph.HasChanged(this, context));
        }
        catch (Exception exception)
        {
            failures.Add(exception);
            return false;
        }
    }

    internal override void Tell(PropertyContext context, ref PropertyFailures failures)
    {
        try
        {
            if (evaluator is not null)
            {
                Post();
            }
            else
            {
                Run(context, isFirst: false);
            }
        }
        catch (Exception exception)
        {
            failures.Add(exception);
        }
    }

    internal override string Describe() => $"{nameof(Effect)} {text}";

    private void RunPosted()
    {
        Volatile.Write(ref _posted, 0);
        PropertyContext context = PropertyContext.Current;
        if (IsDisposed || (_state.Is(ComputationState.HasRun) && !PropertyGraph.HasChanged(this, context)))
        {
            return;
        }

        context.Depth++;
        try
        {
            Run(context, isFirst: false);
        }
        finally
        {
            context.Depth--;
            context.TellScheduled();
        }
    }

    private void Run(PropertyContext context, bool isFirst)
    {
        PropertyGraph.Lock.Enter();
        long epoch = PropertyGraph.Epoch;
        bool isDisposed = IsDisposed;
        _state.Clear(ComputationState.Stale | ComputationState.Held);
        PropertyGraph.Lock.Exit();
        if (isDisposed)
        {
            return;
        }

        bool isComplete = false;
        context.BeginActivity();
        context.BeginRun(this, body.IsComputation);
        try
        {
            body.Run();
            isComplete = true;
        }
        finally
        {
            PropertyGraph.Lock.Enter();
            try
            {
                if (!IsDisposed && (isComplete || !isFirst))
                {
                    KeepReads(context, epoch);
                }
            }
            finally
            {
                PropertyGraph.Lock.Exit();
                context.EndRun();
                context.EndActivity();
            }
        }

        body.Complete(this);
    }

    /// <summary>
    /// Follows what the run has read, and queues the effect if some of it has changed meanwhile. What it has followed before has marked it.
    /// </summary>
    private void KeepReads(PropertyContext context, long epoch)
    {
        ReadOnlySpan<Dependency> reads = context.Reads;
        if (_scope is null && reads.Length > 0)
        {
            _scope = reads[0].Node.Scope;
        }

        _state.Set(ComputationState.Observed | ComputationState.HasRun);
        PropertyGraph.SetDependencies(this, reads);
        if (epoch == PropertyGraph.Epoch || _state.Is(ComputationState.Stale) || !HasMissedChange(reads))
        {
            return;
        }

        if (context.BatchOf(Scope) is { } batch)
        {
            _state.Set(ComputationState.Stale | ComputationState.Held);
            batch.Touch(this);
        }
        else
        {
            _state.Set(ComputationState.Stale);
            OnMarked(PropertyGraph.NextVersion(), context);
        }
    }

    private static bool HasMissedChange(ReadOnlySpan<Dependency> reads)
    {
        foreach (Dependency read in reads)
        {
            if (read.Version != read.Node.Version || (read.Node.IsComputing && !PropertyGraph.IsCurrent(ref read.Node.State)))
            {
                return true;
            }
        }

        return false;
    }

    private void EndWithEvaluator()
    {
        Dispose();
        body.End(this);
    }
}
