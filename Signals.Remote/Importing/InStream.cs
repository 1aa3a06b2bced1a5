using System.Diagnostics;

namespace Signals.Remote;

/// <summary>
/// The stream of items for one evaluator: what has arrived waits in a queue, which the evaluator empties. The queue is guarded by the lock of the imports.
/// </summary>
internal sealed partial class InStream
{
    /// <summary>The number of items after which their number is reported even if more wait.</summary>
    private const int CreditInterval = 256;

    /// <summary>The maximum size of what waits of one exporter. A well-behaved one sends much less than that.</summary>
    private const long MaxQueuedBytes = 256 * 1024 * 1024;

    private readonly RemoteImports _imports;
    private readonly Queue<InEvent> _events = new();

    /// <summary>The delegate of <see cref="Drain"/>, which is queued for each batch.</summary>
    private readonly Action _drain;

    /// <summary>Indicates whether <see cref="Drain"/> is queued at the evaluator, or running.</summary>
    private bool _isScheduled;

    /// <summary>The exception with which the evaluator has refused <see cref="Drain"/>, or null. Thrown at the next opportunity.</summary>
    private Exception? _postFailure;

    /// <summary>The flows of which items were handled that have not been reported. Used by the evaluator only.</summary>
    private readonly List<InFlow> _due = [];

    internal InStream(RemoteImports imports, uint id, ConnectionEvaluator evaluator)
    {
        _imports = imports;
        Id = id;
        Evaluator = evaluator;
        _drain = Drain;
    }

    internal uint Id { get; }

    internal ConnectionEvaluator Evaluator { get; }

    /// <summary>Gets the number of batches and changes that wait. Guarded by the lock of the imports.</summary>
    internal int Length => _events.Count;

    /// <summary>The number of subscriptions of the stream. Guarded by the lock of the imports.</summary>
    internal int SubscriptionCount { get; set; }

    /// <summary>Keeps a batch. Called while the lock is held. Returns false if too much waits already.</summary>
    internal bool TryAdd(in InEvent batch)
    {
        InFlow flow = batch.Flow!;
        if (flow.QueuedBytes + batch.Length > MaxQueuedBytes)
        {
            return false;
        }

        flow.QueuedBytes += batch.Length;
        _events.Enqueue(batch);
        return true;
    }

    /// <summary>Queues a change of the state of an import. Called while the lock is held.</summary>
    internal void AddState(RemoteImport import, RemoteState state, InSubscription? joined = null) =>
        _events.Enqueue(
            new InEvent
            {
                Import = import,
                State = state,
                Joined = joined,
            }
        );

    /// <summary>Queues a change of the state of a subscription. Called while the lock is held.</summary>
    internal void AddState(InSubscription subscription, InLink? lost = null) =>
        _events.Enqueue(
            new InEvent
            {
                Subscription = subscription,
                State = subscription.State,
                Lost = lost,
            }
        );

    /// <summary>Has the evaluator empty the queue. Called while the lock is not held, since an evaluator may run user code.</summary>
    internal void Schedule()
    {
        lock (_imports.Lock)
        {
            AssertInvariants();
            if (_isScheduled || _events.Count == 0)
            {
                return;
            }

            _isScheduled = true;
        }

        Post();
    }

    /// <summary>Queues <see cref="Drain"/>.</summary>
    private void Post()
    {
        if (EvaluatorPosts.TryPost(Evaluator, _drain, out Exception? exception))
        {
            return;
        }

        // It must not end the connection, whose receive loop may have called this. A later event tries again: if the action is queued in spite of the
        // exception, it finds nothing to do.
        lock (_imports.Lock)
        {
            AssertInvariants();
            _isScheduled = false;
            _postFailure = exception;
        }
    }

    /// <summary>Handles what was queued at the beginning. Called by the evaluator.</summary>
    private void Drain()
    {
        var failures = default(InFailures);
        int count;
        lock (_imports.Lock)
        {
            AssertInvariants();
            count = _events.Count;
            if (_postFailure is not null)
            {
                failures.Add(_postFailure);
                _postFailure = null;
            }
        }

        for (; count > 0; count--)
        {
            InEvent next;
            bool isLast;
            lock (_imports.Lock)
            {
                AssertInvariants();
                if (!_events.TryDequeue(out next))
                {
                    break;
                }

                next.Flow?.QueuedBytes -= next.Length;
                isLast = _events.Count == 0;
            }

            Handle(next, ref failures);
            if (isLast)
            {
                ReportTaken();
            }
        }

        ReportTaken();
        bool isEmpty;
        lock (_imports.Lock)
        {
            AssertInvariants();
            isEmpty = _events.Count == 0;
            _isScheduled = !isEmpty;
        }

        if (!isEmpty)
        {
            Post();
        }

        failures.ThrowIfAny();
    }

    /// <summary>Counts an item that was handled.</summary>
    private void CountTaken(InFlow flow)
    {
        flow.Taken++;
        if (!flow.IsDue)
        {
            flow.IsDue = true;
            _due.Add(flow);
        }
        else if (flow.Taken - flow.Reported >= CreditInterval)
        {
            flow.Reported = flow.Taken;
            _imports.SendCredit(flow);
        }
    }

    /// <summary>Tells the exporters how many items were handled.</summary>
    private void ReportTaken()
    {
        foreach (InFlow flow in _due)
        {
            flow.IsDue = false;
            if (flow.Reported != flow.Taken)
            {
                flow.Reported = flow.Taken;
                _imports.SendCredit(flow);
            }
        }

        _due.Clear();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_imports.Lock.IsHeldByCurrentThread);
        Debug.Assert(SubscriptionCount >= 0);
    }
}
