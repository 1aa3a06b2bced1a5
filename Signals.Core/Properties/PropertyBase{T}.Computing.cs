namespace Signals;

/// <content>The runs of computations.</content>
public abstract partial class PropertyBase<T>
{
    internal sealed override void Recompute(PropertyContext context)
    {
        if (Computation is not { } compute)
        {
            return;
        }

        ref ComputationState state = ref State;
        if (!IsSimple(ref state, context))
        {
            RecomputeFully(compute, ref state, context);
            return;
        }

        long epoch = PropertyGraph.Epoch;
        long versionBefore = Version;
        T before = _value;
        state.Runs++;
        PropertyGraph.Lock.Exit();
        context.BeginRun(this, isComputation: true);
        T value = default!;
        Exception? failure = null;
        bool isUnchanged = false;
        bool isComplete = false;
        try
        {
            // An exception is caught here and thrown again by the reader: thrown again inside the handler, each level of nested computations would
            // take its stack. Where the stack is short, the exception passes all levels at once.
            try
            {
                value = compute();
                isUnchanged = AreEqual(before, value, context);
            }
            catch (Exception exception) when (exception is not InsufficientExecutionStackException)
            {
                failure = exception;
            }

            isComplete = true;
        }
        finally
        {
            PropertyGraph.Lock.Enter();
            try
            {
                bool isUndisturbed = epoch == PropertyGraph.Epoch && versionBefore == Version && Computation == compute && IsSimple(ref state, context);
                if (isComplete && isUndisturbed && failure is null)
                {
                    KeepSimply(value, isUnchanged, epoch, ref state, context);
                }
                else if (isComplete)
                {
                    var run = new ComputationRun<T>
                    {
                        Compute = compute,
                        Epoch = epoch,
                        Before = before,
                        VersionBefore = versionBefore,
                        HasRunBefore = true,
                        Value = value,
                        Failure = failure,
                        IsUnchanged = isUnchanged,
                    };
                    KeepIfCurrent(ref run, context);
                }
                else
                {
                    Interrupt(ref state);
                }
            }
            finally
            {
                state.Runs--;
                context.EndRun();
            }
        }
    }

    /// <summary>Runs a computation for the first time, or one whose result is also compared with what the slots were told.</summary>
    private void RecomputeFully(Func<T> compute, ref ComputationState state, PropertyContext context)
    {
        var run = new ComputationRun<T>();
        Begin(ref run, compute, ref state);
        PropertyGraph.Lock.Exit();
        context.BeginRun(this, isComputation: true);
        bool isComplete = false;
        try
        {
            try
            {
                run.Value = compute();
            }
            catch (Exception exception) when (exception is not InsufficientExecutionStackException)
            {
                run.Failure = exception;
            }

            try
            {
                Compare(ref run, context);
            }
            catch (Exception exception) when (exception is not InsufficientExecutionStackException)
            {
                run.Failure = exception;
            }

            isComplete = true;
        }
        finally
        {
            PropertyGraph.Lock.Enter();
            try
            {
                if (isComplete)
                {
                    KeepIfCurrent(ref run, context);
                }
                else
                {
                    Interrupt(ref state);
                }
            }
            finally
            {
                state.Runs--;
                context.EndRun();
            }
        }
    }

    /// <summary>
    /// Determines whether the result of a run has to be compared only with the previous result. Called while the lock is held.
    /// </summary>
    private bool IsSimple(ref ComputationState state, PropertyContext context) =>
        state.Is(ComputationState.HasRun)
        && Version != 0
        && !context.IsInBatch
        && (_extras is not { } extras || (!extras.HasBase && extras.Failure is null));

    /// <summary>Keeps the result of a run during which nothing has changed. Called while the lock is held.</summary>
    private void KeepSimply(T value, bool isUnchanged, long epoch, ref ComputationState state, PropertyContext context)
    {
        if (PropertyGraph.IsCurrent(ref state))
        {
            return;
        }

        if (!isUnchanged)
        {
            Write(value, PropertyGraph.NextVersion());
        }

        PropertyGraph.SetDependencies(this, context.Reads);
        Volatile.Write(ref state.ValidAsOf, epoch);
        state.Renew();
    }

    /// <summary>Lets the next mark pass a computation whose run was interrupted. Called while the lock is held.</summary>
    private static void Interrupt(ref ComputationState state)
    {
        if (state.Is(ComputationState.Stale))
        {
            state.Set(ComputationState.Held);
        }
    }

    /// <summary>Notes what is stored before a run. Called while the lock is held.</summary>
    private void Begin(ref ComputationRun<T> run, Func<T> compute, ref ComputationState state)
    {
        state.Runs++;
        run.Compute = compute;
        run.Epoch = PropertyGraph.Epoch;
        run.Before = _value;
        run.VersionBefore = Version;
        run.HasRunBefore = state.Is(ComputationState.HasRun);
        if (_extras is { } extras)
        {
            run.FailureBefore = extras.Failure;
            run.HasBase = extras.HasBase;
            run.Base = extras.BaseValue;
            run.BaseVersion = extras.BaseVersion;
        }
    }

    /// <summary>
    /// Keeps the result of a run, unless something that it has read has changed meanwhile. Called while the lock is held, which is released for
    /// computations that have to be made current to find this out.
    /// </summary>
    private void KeepIfCurrent(ref ComputationRun<T> run, PropertyContext context)
    {
        while (run.Epoch != PropertyGraph.Epoch)
        {
            PropertyBase? unknown = null;
            foreach (Dependency read in context.Reads)
            {
                if (read.Version == Dependency.Closing)
                {
                    continue;
                }

                if (read.Node.Version != read.Version)
                {
                    return;
                }

                if (read.Node.IsComputing && !PropertyGraph.IsCurrent(ref read.Node.State) && !context.IsRunning(read.Node))
                {
                    unknown = read.Node;
                    break;
                }
            }

            if (unknown is null)
            {
                run.Epoch = PropertyGraph.Epoch;
                break;
            }

            PropertyGraph.Lock.Exit();
            try
            {
                PropertyGraph.Refresh(unknown, context);
            }
            finally
            {
                PropertyGraph.Lock.Enter();
            }
        }

        Keep(ref run, context);
    }

    private void Compare(ref ComputationRun<T> run, PropertyContext context)
    {
        if (run.Failure is not null)
        {
            run.IsUnchanged = ReferenceEquals(run.Failure, run.FailureBefore);
            return;
        }

        if (run.FailureBefore is null && (run.HasRunBefore || run.VersionBefore != 0))
        {
            run.IsUnchanged = AreEqual(run.Before, run.Value, context);
        }

        if (!run.IsUnchanged && run.HasBase)
        {
            run.IsBase = AreEqual(run.Base, run.Value, context);
        }
    }

    /// <summary>Keeps the result of a run that is current, unless another thread has done so. Called while the lock is held.</summary>
    private void Keep(ref ComputationRun<T> run, PropertyContext context)
    {
        ref ComputationState state = ref State;
        if (Computation != run.Compute || PropertyGraph.IsCurrent(ref state))
        {
            return;
        }

        if (!run.IsUnchanged || Version != run.VersionBefore)
        {
            if (context.IsInBatch && run.FailureBefore is null && run.VersionBefore != 0 && _extras is not { HasBase: true })
            {
                EnsureExtrasOfT().SetBase(run.Before, run.VersionBefore);
            }

            if (run.Failure is not null || _extras is not null)
            {
                // No reader may take the previous value for that of a version whose failure has gone.
                Version = 0;
                Volatile.WriteBarrier();
                EnsureExtrasOfT().Failure = run.Failure;
            }

            if (run.Failure is not null)
            {
                Write(_value, PropertyGraph.NextVersion());
            }
            else if (run.IsBase && _extras!.HasBase && _extras.BaseVersion == run.BaseVersion)
            {
                Restore(_extras.BaseValue, run.BaseVersion);
            }
            else
            {
                Write(run.Value, PropertyGraph.NextVersion());
            }
        }

        if (_extras is { HasSlots: false } && !context.IsInBatch)
        {
            _extras.DropBase();
        }

        PropertyGraph.SetDependencies(this, context.Reads);
        Volatile.Write(ref state.ValidAsOf, run.Epoch);
        state.Renew();
    }
}
