namespace Signals;

/// <summary>
/// A group of properties whose changes are told one after another. Threads that use different scopes do not wait for each other's slots,
/// and a batch belongs to one scope.
/// </summary>
/// <remarks>
/// All members are thread-safe. A thread that changes a property while another thread tells a change of the same scope leaves the telling to
/// that thread and does not wait.
/// </remarks>
public sealed class PropertyScope
{
    private readonly List<QueuedTelling> _candidates = [];
    private readonly List<QueuedTelling> _tells = [];
    private readonly List<PropertyBase> _effects = [];
    private readonly Queue<QueuedTelling> _queue = new();

    /// <summary>Initializes a scope.</summary>
    public PropertyScope() { }

    /// <summary>Gets the scope of properties that are created without one.</summary>
    public static PropertyScope Default { get; } = new();

    /// <summary>Gets or sets a value that indicates whether a thread is telling. Guarded by the graph's lock.</summary>
    internal bool IsTelling { get; set; }

    /// <summary>Gets a value that indicates whether nothing is queued or being told. Guarded by the graph's lock.</summary>
    internal bool IsIdle => !IsTelling && _queue.Count == 0;

    /// <summary>
    /// Begins a batch: until it ends, properties of this scope that this thread sets have their new values at once, but slots and effects
    /// do not run.
    /// </summary>
    /// <returns>The batch, which is ended by disposing it on the same thread.</returns>
    public PropertyBatch Batch() => new(this);

    /// <summary>Queues a node for telling. Called while the graph's lock is held.</summary>
    internal void Queue(PropertyBase node, TellingKind kind, long change, int depth) => _queue.Enqueue(new QueuedTelling(node, kind, change, depth));

    /// <summary>Ends the telling if nothing is queued. Called while the graph's lock is held.</summary>
    internal bool TryEndTelling()
    {
        if (_queue.Count > 0)
        {
            return false;
        }

        IsTelling = false;
        return true;
    }

    /// <summary>Tells what is queued, unless another thread does or this one is already telling. Called while no lock is held.</summary>
    internal void Tell(PropertyContext context, ref PropertyFailures failures)
    {
        PropertyGraph.Lock.Enter();
        if (IsTelling || _queue.Count == 0)
        {
            PropertyGraph.Lock.Exit();
            return;
        }

        IsTelling = true;
        PropertyGraph.Lock.Exit();
        TellRest(context, ref failures);
    }

    /// <summary>Tells what is queued. Called by the thread that has set <see cref="IsTelling"/>, while no lock is held.</summary>
    internal void TellRest(PropertyContext context, ref PropertyFailures failures)
    {
        int depth = context.Depth;
        bool tracked = context.StopTracking();
        bool ended = false;
        try
        {
            while (TryTakeChange(out int changeDepth))
            {
                context.Depth = changeDepth;
                TellChange(context, changeDepth, ref failures);
            }

            ended = true;
        }
        finally
        {
            context.Depth = depth;
            context.ContinueTracking(tracked);
            if (!ended)
            {
                Abandon();
            }
        }
    }

    /// <summary>Takes the first queued change. Returns false, and ends the telling, if there is none.</summary>
    private bool TryTakeChange(out int depth)
    {
        _tells.Clear();
        _candidates.Clear();
        _effects.Clear();
        PropertyGraph.Lock.Enter();
        try
        {
            depth = 0;
            if (!_queue.TryPeek(out QueuedTelling first))
            {
                IsTelling = false;
                Trim();
                return false;
            }

            depth = first.Depth;
            while (_queue.TryPeek(out QueuedTelling next) && next.Change == first.Change)
            {
                _queue.Dequeue();
                switch (next.Kind)
                {
                    case TellingKind.Value:
                        _tells.Add(next);
                        break;
                    case TellingKind.Computed:
                        next.Node.State.Clear(ComputationState.Queued);
                        _candidates.Add(next);
                        break;
                    default:
                        next.Node.State.Clear(ComputationState.Queued);
                        _effects.Add(next.Node);
                        break;
                }
            }

            return true;
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }
    }

    private void TellChange(PropertyContext context, int depth, ref PropertyFailures failures)
    {
        Prepare(context, ref failures);
        foreach (QueuedTelling told in _tells)
        {
            told.Node.Tell(context, ref failures);
        }

        if (_effects.Count > 0)
        {
            context.Depth = depth + 1;
            foreach (PropertyBase effect in _effects)
            {
                effect.Tell(context, ref failures);
            }
        }
    }

    /// <summary>Computes all that is looked at, and collects what is to be told in the order of the changes.</summary>
    private void Prepare(PropertyContext context, ref PropertyFailures failures)
    {
        int sources = _tells.Count;
        bool isOrdered = true;
        long last = 0;
        foreach (QueuedTelling candidate in _candidates)
        {
            if (candidate.Node.Prepare(context, ref failures))
            {
                // A computation gets its version after those that it reads have theirs.
                long version = candidate.Node.Version;
                isOrdered &= last < version;
                last = version;
                _tells.Add(candidate with { Change = version });
            }
        }

        if (!isOrdered)
        {
            _tells.Sort(sources, _tells.Count - sources, QueuedTelling.ByChange);
        }

        if (_effects.Count == 0)
        {
            return;
        }

        if (_effects.Count > 1)
        {
            _effects.Sort(static (left, right) => ((EffectNode)left).Id.CompareTo(((EffectNode)right).Id));
        }

        int kept = 0;
        for (int i = 0; i < _effects.Count; i++)
        {
            if (_effects[i].Prepare(context, ref failures))
            {
                _effects[kept++] = _effects[i];
            }
        }

        _effects.RemoveRange(kept, _effects.Count - kept);
    }

    /// <summary>Releases the memory of an exceptionally large change.</summary>
    private void Trim()
    {
        if (Math.Max(_tells.Capacity, Math.Max(_candidates.Capacity, _effects.Capacity)) > PropertyGraph.MaxKept)
        {
            _tells.Capacity = 0;
            _candidates.Capacity = 0;
            _effects.Capacity = 0;
            _queue.TrimExcess();
        }
    }

    /// <summary>Lets other threads tell after an exception of the library itself, such as a lack of memory.</summary>
    private void Abandon()
    {
        PropertyGraph.Lock.Enter();
        IsTelling = false;
        PropertyGraph.Lock.Exit();
    }
}
