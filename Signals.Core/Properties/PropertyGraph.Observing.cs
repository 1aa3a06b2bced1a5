namespace Signals;

/// <content>What readers have read, and what sources know of their readers.</content>
internal static partial class PropertyGraph
{
    /// <summary>Replaces what a computation or effect has read by what its last run has. Called while the lock is held.</summary>
    internal static void SetDependencies(PropertyBase reader, ReadOnlySpan<Dependency> reads)
    {
        ref ComputationState state = ref reader.State;
        Dependency[] before = state.Dependencies;
        int same = 0;
        int least = Math.Min(before.Length, reads.Length);
        while (same < least && before[same].Node == reads[same].Node)
        {
            before[same].Version = reads[same].Version;
            same++;
        }

        if (same == before.Length && same == reads.Length)
        {
            return;
        }

        Dependency[] after = reads.ToArray();
        if (!state.Is(ComputationState.Observed))
        {
            state.Dependencies = after;
            return;
        }

        // The old ones first: a removed entry moves another one, which may be of the same reader. What is read again stays observed, because
        // nothing ceases to be observed before the new ones are there.
        int[] positionsBefore = state.Positions;
        for (int i = same; i < before.Length; i++)
        {
            before[i].Node.Extras!.RemoveAt(positionsBefore[i]);
        }

        int[] positions = new int[after.Length];
        positionsBefore.AsSpan(0, same).CopyTo(positions);
        state.Dependencies = after;
        state.Positions = positions;
        for (int i = same; i < after.Length; i++)
        {
            positions[i] = AddDependent(after[i].Node, reader, i);
        }

        ObservePending();
        for (int i = same; i < before.Length; i++)
        {
            Unobserve(before[i].Node);
        }
    }

    /// <summary>Lets the dependencies of a computation know of it. Called while the lock is held.</summary>
    internal static void Observe(PropertyBase node)
    {
        Push(node);
        ObservePending();
    }

    /// <summary>
    /// Lets the dependencies of a computation forget it, if nothing observes it. Called while the lock is held.
    /// </summary>
    internal static void Unobserve(PropertyBase node)
    {
        Push(node);
        UnobservePending();
    }

    /// <summary>Ends a computation or an effect. Called while the lock is held.</summary>
    internal static void End(PropertyBase node)
    {
        ref ComputationState state = ref node.State;
        if (state.Is(ComputationState.Observed))
        {
            ReleaseDependencies(ref state);
        }

        state.Dependencies = [];
        state.Clear(ComputationState.Observed | ComputationState.Stale | ComputationState.Held);
        state.Set(ComputationState.Ended);
        UnobservePending();
    }

    private static void UnobservePending()
    {
        while (TryPop(out PropertyBase? node))
        {
            if (!node.IsComputing || node.IsEffect || node.Extras is { IsObserved: true })
            {
                continue;
            }

            ref ComputationState state = ref node.State;
            if (state.Is(ComputationState.Observed))
            {
                bool isCurrent = IsCurrent(ref state);
                ReleaseDependencies(ref state);
                state.Clear(ComputationState.Observed | ComputationState.Stale | ComputationState.Held);
                state.ValidAsOf = isCurrent ? Epoch : 0;
            }
        }
    }

    private static void ObservePending()
    {
        while (TryPop(out PropertyBase? node))
        {
            ref ComputationState state = ref node.State;
            if (state.Is(ComputationState.Observed))
            {
                continue;
            }

            bool isCurrent = IsCurrent(ref state);
            state.Clear(ComputationState.Stale | ComputationState.Held);
            state.Set(isCurrent ? ComputationState.Observed : ComputationState.Observed | ComputationState.Stale);
            Dependency[] dependencies = state.Dependencies;
            int[] positions = dependencies.Length == 0 ? [] : new int[dependencies.Length];
            state.Positions = positions;
            for (int i = 0; i < dependencies.Length; i++)
            {
                positions[i] = AddDependent(dependencies[i].Node, node, i);
            }
        }
    }

    /// <summary>Adds a reader to a property. A computation that becomes observed by this is pending.</summary>
    private static int AddDependent(PropertyBase source, PropertyBase reader, int index)
    {
        int position = source.EnsureExtras().Add(reader, index);
        if (source.IsComputing && !source.State.Is(ComputationState.Observed))
        {
            Push(source);
        }

        return position;
    }

    /// <summary>Removes a reader from all that it has read. Computations among these are pending.</summary>
    private static void ReleaseDependencies(ref ComputationState state)
    {
        Dependency[] dependencies = state.Dependencies;
        for (int i = 0; i < dependencies.Length; i++)
        {
            PropertyBase source = dependencies[i].Node;
            source.Extras!.RemoveAt(state.Positions[i]);
            if (source.IsComputing)
            {
                Push(source);
            }
        }

        state.Positions = [];
    }
}
