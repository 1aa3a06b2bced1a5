using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>The activity of a thread with properties: the running computations, its open batches and the telling that it has to do.</summary>
internal sealed class PropertyContext
{
    /// <summary>The depth of changes made by effects at which they are refused.</summary>
    private const int MaxDepth = 100;

    private const int ThreadShift = 40;

    /// <summary>Number of threads that are inside a computation or an effect. Zero in most moments: then no read needs its thread's context.</summary>
    private static int _activeThreads;

    private static int _threads;

    [ThreadStatic]
    private static PropertyContext? _current;

    /// <summary>The dependencies that the running computations have read. Those of the innermost one are at the end.</summary>
    private Dependency[] _reads = new Dependency[16];
    private int _readCount;

    /// <summary>The running computations and effects, from the outermost.</summary>
    private readonly List<PropertyBase> _running = [];

    private readonly List<BatchState> _batches = [];
    private readonly Stack<BatchState> _spareBatches = new();
    private readonly Stack<PropertyScope> _scheduled = new();

    /// <summary>The walks of this thread: that of the innermost computation is at the end.</summary>
    private WalkFrame[] _walk = new WalkFrame[16];

    /// <summary>Number of nested walks and effects that run user code.</summary>
    private int _activities;

    private long _nextRun = (long)Interlocked.Increment(ref _threads) << ThreadShift;

    /// <summary>The innermost run, with the position of its first read, and whether reads are tracked.</summary>
    private RunFrame _frame;

    /// <summary>Gets the context of the calling thread.</summary>
    internal static PropertyContext Current => _current ??= new PropertyContext();

    /// <summary>Gets a value that indicates whether no thread is inside a computation or an effect, this one included.</summary>
    internal static bool IsQuiet
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _activeThreads) == 0;
    }

    /// <summary>Gets or sets the depth of a change that is made now: see P8 in docs/properties.md.</summary>
    internal int Depth { get; set; }

    /// <summary>Gets a value that indicates whether the thread has an open batch.</summary>
    internal bool IsInBatch => _batches.Count > 0;

    internal bool IsTracking => _frame.IsTracking;

    internal int WalkCount { get; private set; }

    internal ref WalkFrame TopWalk => ref _walk[WalkCount - 1];

    internal List<PropertyBase> Tentative { get; } = [];

    /// <summary>Announces that computations or effects run on this thread, so that all reads look whether they are tracked.</summary>
    internal void BeginActivity()
    {
        if (_activities++ == 0)
        {
            Interlocked.Increment(ref _activeThreads);
        }
    }

    internal void EndActivity()
    {
        if (--_activities == 0)
        {
            Interlocked.Decrement(ref _activeThreads);
        }
    }

    /// <summary>Begins a run of a computation or an effect. Returns what <see cref="EndRun"/> needs.</summary>
    internal RunFrame BeginRun(PropertyBase reader, bool isComputation)
    {
        RunFrame outer = _frame;
        _running.Add(reader);
        _frame = new RunFrame(_readCount, ++_nextRun, isTracking: true, outer.IsComputation || isComputation);
        return outer;
    }

    /// <summary>Gets what the innermost run has read.</summary>
    internal Span<Dependency> Reads => _reads.AsSpan(_frame.FirstRead, _readCount - _frame.FirstRead);

    internal void EndRun(RunFrame outer)
    {
        Reads.Clear();
        _readCount = _frame.FirstRead;
        _frame = outer;
        _running.RemoveAt(_running.Count - 1);
    }

    /// <summary>Stops tracking. Returns what <see cref="ContinueTracking"/> needs.</summary>
    internal bool StopTracking()
    {
        bool before = _frame.IsTracking;
        _frame.IsTracking = false;
        return before;
    }

    internal void ContinueTracking(bool before) => _frame.IsTracking = before;

    /// <summary>Records that the innermost run has read a property.</summary>
    internal void Track(PropertyBase node, long version)
    {
        if (!_frame.IsTracking || node.ReadBy == _frame.Run)
        {
            return;
        }

        node.ReadBy = _frame.Run;
        if (_readCount == _reads.Length)
        {
            Array.Resize(ref _reads, _readCount * 2);
        }

        _reads[_readCount++] = new Dependency(node, version);
    }

    /// <summary>Determines whether the thread is running a computation.</summary>
    internal bool IsRunning(PropertyBase node) => _running.Contains(node);

    /// <summary>Throws if a property may not be written now.</summary>
    internal void ThrowIfReadOnly(PropertyBase node)
    {
        if (_frame.IsComputation)
        {
            throw new PropertyCycleException(
                $"{node.Describe()} cannot be written inside a computation: {Chain(_running, node)}. Use an {nameof(Effect)}, or compute the value."
            );
        }

        if (Depth >= MaxDepth)
        {
            throw new PropertyCycleException(
                $"{node.Describe()} cannot be written: {MaxDepth} changes have been made by effects in succession, each caused by the one before."
            );
        }
    }

    /// <summary>Creates the exception for a computation that needs its own result.</summary>
    internal PropertyCycleException Cycle(PropertyBase node) =>
        new($"A computed property needs its own value: {Chain(_running.Skip(_running.IndexOf(node)), node)}.");

    internal void PushWalk(PropertyBase node)
    {
        if (WalkCount == _walk.Length)
        {
            Array.Resize(ref _walk, WalkCount * 2);
        }

        _walk[WalkCount++] = new WalkFrame(node, Tentative.Count);
        node.State.Walks++;
    }

    internal void PopWalk()
    {
        ref ComputationState state = ref TopWalk.Node.State;
        state.Walks--;
        TopWalk = default;
        WalkCount--;
    }

    /// <summary>Returns the position of a node in the walk that begins at a position, or -1.</summary>
    internal int FindWalk(PropertyBase node, int floor)
    {
        for (int i = WalkCount - 1; i >= floor; i--)
        {
            if (_walk[i].Node == node)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Returns the open batch of this thread in a scope, or null.</summary>
    internal BatchState? BatchOf(PropertyScope scope)
    {
        foreach (BatchState batch in _batches)
        {
            if (batch.Scope == scope)
            {
                return batch;
            }
        }

        return null;
    }

    internal BatchState BeginBatch(PropertyScope scope)
    {
        if (BatchOf(scope) is not { } batch)
        {
            batch = _spareBatches.TryPop(out BatchState? spare) ? spare : new BatchState(this);
            batch.Scope = scope;
            _batches.Add(batch);
        }

        return batch;
    }

    /// <summary>Ends the outermost batch of a scope, and tells what was set in it.</summary>
    internal void EndBatch(BatchState batch)
    {
        _batches.Remove(batch);
        try
        {
            foreach (PropertyBase node in batch.Touched)
            {
                node.SettleAfterBatch(this);
            }
        }
        finally
        {
            PropertyGraph.QueueAfterBatch(batch.Touched, this);
            batch.Touched.Clear();
            batch.Scope = null!;
            _spareBatches.Push(batch);
            TellScheduled();
        }
    }

    /// <summary>Notes that a scope has something to tell. Called while the graph's lock is held.</summary>
    internal void Schedule(PropertyScope scope)
    {
        if (!scope.IsTelling)
        {
            _scheduled.Push(scope);
        }
    }

    /// <summary>
    /// Tells what is queued in the scheduled scopes, unless other threads do, and throws what slots and effects throw. Called while no lock is held.
    /// </summary>
    internal void TellScheduled()
    {
        if (_scheduled.Count > 0)
        {
            var failures = new PropertyFailures();
            TellScheduled(ref failures);
            failures.ThrowIfAny();
        }
    }

    /// <summary>Tells what is queued in the scheduled scopes, unless other threads do. Called while no lock is held.</summary>
    internal void TellScheduled(ref PropertyFailures failures)
    {
        while (_scheduled.TryPop(out PropertyScope? scope))
        {
            scope.Tell(this, ref failures);
        }
    }

    private static string Chain(IEnumerable<PropertyBase> running, PropertyBase last) =>
        string.Join(" -> ", running.Append(last).Select(static node => node.Describe()));
}
