using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// The graph of properties and what they read. A change pushes marks to observed readers; values are pulled: a marked computation compares the
/// versions of what it has read and runs only if one differs. No method recurses over the graph.
/// </summary>
internal static partial class PropertyGraph
{
    /// <summary>The lock of the whole graph. Held for marks and comparisons of versions, never while user code runs.</summary>
    internal static ShortLock Lock;

    /// <summary>
    /// Number of the latest change of a value that is not computed. A result of the current epoch is current. Guarded by the lock.
    /// </summary>
    internal static long Epoch = PropertyBase.FirstVersion;

    /// <summary>Number of entries above which lists that were needed once are not kept.</summary>
    internal const int MaxKept = 1 << 14;

    private const int FirstPending = 64;

    private static long _lastVersion = PropertyBase.FirstVersion;

    /// <summary>The nodes whose dependents have to be visited. Guarded by the lock, and empty outside of it.</summary>
    private static PendingNode[] _pending = new PendingNode[FirstPending];
    private static int _pendingCount;

    /// <summary>
    /// Number of times that a version was given to a value again: after such a moment, an unchanged version does not prove that a value read without
    /// the lock belongs to it. Guarded by the lock.
    /// </summary>
    internal static long Restores;

    /// <summary>Returns a number that has not been used. Called while the lock is held.</summary>
    internal static long NextVersion() => ++_lastVersion;

    /// <summary>Makes the results of unobserved computations outdated until they have been checked. Called while the lock is held.</summary>
    internal static void BeginEpoch() => Epoch = ++_lastVersion;

    /// <summary>Returns the version of a value that is not computed, and begins an epoch. Called while the lock is held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long NextSourceVersion()
    {
        long version = ++_lastVersion;
        Epoch = version;
        return version;
    }

    /// <summary>Determines whether the result of a computation is the current one. May be called without the lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsCurrent(ref ComputationState state)
    {
        byte flags = Volatile.Read(ref state.Flags);
        return (flags & ComputationState.Observed) != 0
            ? (flags & (ComputationState.Stale | ComputationState.HasRun)) == ComputationState.HasRun
            : (flags & ComputationState.HasRun) != 0 && Volatile.Read(ref state.ValidAsOf) == Volatile.Read(ref Epoch);
    }

    /// <summary>Marks all observed computations and effects that depend on a property. Called while the lock is held.</summary>
    /// <param name="source">The property, whose value may have changed.</param>
    /// <param name="change">The number of the change.</param>
    /// <param name="isHeld">True in a batch, which queues nothing until it ends.</param>
    /// <param name="context">The context of the calling thread.</param>
    internal static void Mark(PropertyBase source, long change, bool isHeld, PropertyContext context)
    {
        PropertyExtras? extras = source.Extras;
        if (extras is null || extras.DependentCount == 0)
        {
            return;
        }

        MarkDependents(extras, change, isHeld, context);
        while (TryPop(out PropertyBase? marked))
        {
            MarkDependents(marked.Extras!, change, isHeld, context);
        }
    }

    private static void MarkDependents(PropertyExtras extras, long change, bool isHeld, PropertyContext context)
    {
        foreach (Dependent dependent in extras.Dependents.AsSpan(0, extras.DependentCount))
        {
            PropertyBase reader = dependent.Reader;
            ref ComputationState state = ref reader.State;
            if (state.Is(ComputationState.Stale))
            {
                if (isHeld || !state.Is(ComputationState.Held))
                {
                    continue;
                }

                state.Clear(ComputationState.Held);
            }
            else
            {
                state.Set(isHeld ? ComputationState.Stale | ComputationState.Held : ComputationState.Stale);
            }

            if (!isHeld)
            {
                reader.OnMarked(change, context);
            }

            if (reader.Extras is { DependentCount: > 0 })
            {
                Push(reader);
            }
        }
    }

    /// <summary>Queues the telling of what was set in a batch. Called while the lock is not held.</summary>
    internal static void QueueAfterBatch(List<PropertyBase> touched, PropertyContext context)
    {
        Lock.Enter();
        try
        {
            long change = NextVersion();
            foreach (PropertyBase node in touched)
            {
                node.QueueAfterBatch(change, context);
            }

            foreach (PropertyBase node in touched)
            {
                Mark(node, change, isHeld: false, context);
            }
        }
        finally
        {
            Lock.Exit();
        }
    }

    /// <summary>Makes a computation current. Called while the lock is not held. Keeps what the computation throws.</summary>
    internal static void Refresh(PropertyBase node, PropertyContext context)
    {
        if (!context.IsRunningAny || !TryRerun(node, context))
        {
            Walk(node, context);
        }
    }

    /// <summary>
    /// Runs a computation whose first dependency has changed, as is usual when a running computation reads it. Returns false if a walk is needed.
    /// </summary>
    private static bool TryRerun(PropertyBase node, PropertyContext context)
    {
        if (context.IsDeep)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
        }

        Lock.Enter();
        try
        {
            ref ComputationState state = ref node.State;
            if (!node.IsComputing || !HasChangedFirst(ref state))
            {
                return false;
            }

            node.Recompute(context);
            return IsCurrent(ref state);
        }
        finally
        {
            Lock.Exit();
        }
    }

    /// <summary>Determines whether the first dependency of a computation is known to have changed. Called while the lock is held.</summary>
    private static bool HasChangedFirst(ref ComputationState state)
    {
        Dependency[] dependencies = state.Dependencies;
        if (dependencies.Length == 0 || !state.Is(ComputationState.HasRun) || IsCurrent(ref state))
        {
            return false;
        }

        ref Dependency first = ref dependencies[0];
        PropertyBase source = first.Node;
        return first.Version != source.Version && first.Version != Dependency.Closing && (!source.IsComputing || IsCurrent(ref source.State));
    }

    /// <summary>Determines whether something that an effect has read has changed since. Called while the lock is not held.</summary>
    internal static bool HasChanged(PropertyBase effect, PropertyContext context) => Walk(effect, context);

    /// <summary>
    /// Examines the dependencies of a node, and first theirs, in the order in which they were read and only up to the first that has changed.
    /// Runs the computations that have to. Returns true if the root is an effect that has to run.
    /// </summary>
    private static bool Walk(PropertyBase root, PropertyContext context)
    {
        int floor = context.WalkCount;
        bool isComplete = false;
        bool isActive = false;
        bool hasChanged = false;
        Lock.Enter();
        try
        {
            context.PushWalk(root);
            while (context.WalkCount > floor)
            {
                PropertyBase node = context.TopWalk.Node;
                ref ComputationState state = ref node.State;
                if (!node.IsComputing || IsCurrent(ref state))
                {
                    context.PopWalk();
                    continue;
                }

                if (state.Is(ComputationState.HasRun))
                {
                    WalkResult result = Examine(ref context.TopWalk, ref state, context, floor);
                    if (result == WalkResult.Descend)
                    {
                        continue;
                    }

                    if (result == WalkResult.Unchanged)
                    {
                        EndUnchanged(node, context, floor);
                        continue;
                    }
                }

                ForgetTentative(context, context.TopWalk.FirstTentative);
                if (node.IsEffect)
                {
                    hasChanged = true;
                    context.PopWalk();
                    continue;
                }

                if (!isActive)
                {
                    // All computations of a walk run at the same depth of the stack.
                    RuntimeHelpers.EnsureSufficientExecutionStack();
                    isActive = true;
                    context.BeginActivity();
                }

                node.Recompute(context);
                context.TopWalk.Dependencies = null;
            }

            isComplete = true;
        }
        finally
        {
            if (!isComplete)
            {
                Abort(context, floor);
            }

            Lock.Exit();
            if (isActive)
            {
                context.EndActivity();
            }
        }

        return hasChanged;
    }

    /// <summary>Ends a walk whose computation could not run. The nodes stay stale, and the next mark passes them.</summary>
    private static void Abort(PropertyContext context, int floor)
    {
        ForgetTentative(context, floor < context.WalkCount ? context.TopWalk.FirstTentative : context.Tentative.Count);
        while (context.WalkCount > floor)
        {
            ref ComputationState state = ref context.TopWalk.Node.State;
            if (state.Is(ComputationState.Stale))
            {
                state.Set(ComputationState.Held);
            }

            context.PopWalk();
        }
    }

    private static WalkResult Examine(ref WalkFrame frame, ref ComputationState state, PropertyContext context, int floor)
    {
        if (frame.Dependencies != state.Dependencies || frame.Epoch != Epoch)
        {
            frame.Dependencies = state.Dependencies;
            frame.Epoch = Epoch;
            frame.Index = 0;
            frame.Lowest = int.MaxValue;
            frame.IsNextExamined = false;
            ForgetTentative(context, frame.FirstTentative);
        }

        Dependency[] dependencies = frame.Dependencies;
        for (; frame.Index < dependencies.Length; frame.Index++)
        {
            ref Dependency dependency = ref dependencies[frame.Index];
            PropertyBase source = dependency.Node;
            if (!frame.IsNextExamined && source.IsComputing)
            {
                ref ComputationState other = ref source.State;
                if (!IsCurrent(ref other))
                {
                    if (other.Runs > 0 && context.IsRunning(source))
                    {
                        // The computation will find the cycle, if there still is one.
                        return WalkResult.Changed;
                    }

                    int position = other.Walks > 0 ? context.FindWalk(source, floor) : -1;
                    if (position < 0)
                    {
                        context.PushWalk(source);
                        return WalkResult.Descend;
                    }

                    frame.Lowest = Math.Min(frame.Lowest, position);
                }
            }

            frame.IsNextExamined = false;
            bool isUnchanged =
                dependency.Version == Dependency.Closing ? ReferenceEquals(source.Failure, frame.Node.Failure) : dependency.Version == source.Version;
            if (!isUnchanged)
            {
                return WalkResult.Changed;
            }
        }

        return WalkResult.Unchanged;
    }

    /// <summary>
    /// Ends the walk at a node whose dependencies are unchanged. If this presumes that a node further up is unchanged, the node stays tentative until
    /// that one has been examined to its end.
    /// </summary>
    private static void EndUnchanged(PropertyBase node, PropertyContext context, int floor)
    {
        int position = context.WalkCount - 1;
        int lowest = context.TopWalk.Lowest;
        int firstTentative = context.TopWalk.FirstTentative;
        context.PopWalk();
        if (lowest < position)
        {
            context.Tentative.Add(node);
            ref WalkFrame reader = ref context.TopWalk;
            reader.Lowest = Math.Min(reader.Lowest, lowest);
            reader.IsNextExamined = true;
            return;
        }

        Confirm(ref node.State);
        for (int i = firstTentative; i < context.Tentative.Count; i++)
        {
            Confirm(ref context.Tentative[i].State);
        }

        ForgetTentative(context, firstTentative);
    }

    private static void Confirm(ref ComputationState state)
    {
        Volatile.Write(ref state.ValidAsOf, Epoch);
        state.Clear(ComputationState.Stale | ComputationState.Held);
    }

    private static void ForgetTentative(PropertyContext context, int first)
    {
        List<PropertyBase> tentative = context.Tentative;
        if (tentative.Count > first)
        {
            tentative.RemoveRange(first, tentative.Count - first);
        }
    }

    private static void Push(PropertyBase node)
    {
        if (_pendingCount == _pending.Length)
        {
            Array.Resize(ref _pending, _pendingCount * 2);
        }

        _pending[_pendingCount++].Node = node;
    }

    private static bool TryPop([NotNullWhen(true)] out PropertyBase? node)
    {
        if (_pendingCount == 0)
        {
            node = null;
            return false;
        }

        ref PendingNode last = ref _pending[--_pendingCount];
        node = last.Node!;
        last.Node = null;
        if (_pendingCount == 0 && _pending.Length > MaxKept)
        {
            _pending = new PendingNode[FirstPending];
        }

        return true;
    }

    /// <summary>A node in a list. A structure, because storing a reference in an array of an unsealed class costs a type check.</summary>
    private struct PendingNode
    {
        internal PropertyBase? Node;
    }
}
