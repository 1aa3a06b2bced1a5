using System.Buffers;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Signals.Remote;

/// <summary>
/// The stream of items for one evaluator: what has arrived waits in a queue, which the evaluator empties. The queue is guarded by the lock of the imports.
/// </summary>
internal sealed class InStream
{
    /// <summary>The number of items after which their number is reported even if more wait.</summary>
    private const int CreditInterval = 256;

    /// <summary>The maximum size of what waits. A well-behaved exporter sends much less than that.</summary>
    private const long MaxQueuedBytes = 256 * 1024 * 1024;

    private readonly RemoteImports _imports;
    private readonly Queue<InEvent> _events = new();
    private long _queuedBytes;

    /// <summary>Indicates whether <see cref="Drain"/> is queued at the evaluator, or running.</summary>
    private bool _isScheduled;

    /// <summary>Used by the evaluator only: the items of the current link that were handled, and how many of these were reported.</summary>
    private int _link;
    private ulong _taken;
    private ulong _reported;

    internal InStream(RemoteImports imports, uint id, ConnectionEvaluator evaluator)
    {
        _imports = imports;
        Id = id;
        Evaluator = evaluator;
    }

    internal uint Id { get; }

    internal ConnectionEvaluator Evaluator { get; }

    /// <summary>Indicates whether the stream has been requested by the current link. Guarded by the lock of the imports.</summary>
    internal bool IsWatched { get; set; }

    /// <summary>The number of subscriptions of the stream. Guarded by the lock of the imports.</summary>
    internal int SubscriptionCount { get; set; }

    /// <summary>Keeps a batch. Called while the lock is held. Returns false if too much waits already.</summary>
    internal bool TryAdd(in InEvent batch)
    {
        if (_queuedBytes + batch.Length > MaxQueuedBytes)
        {
            return false;
        }

        _queuedBytes += batch.Length;
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

        Evaluator.Post(Drain);
    }

    /// <summary>Handles what was queued at the beginning. Called by the evaluator.</summary>
    private void Drain()
    {
        List<Exception>? failures = null;
        int count;
        lock (_imports.Lock)
        {
            AssertInvariants();
            count = _events.Count;
        }

        for (; count > 0; count--)
        {
            InEvent next;
            bool isLast;
            lock (_imports.Lock)
            {
                next = _events.Dequeue();
                _queuedBytes -= next.Length;
                isLast = _events.Count == 0;
            }

            Handle(next, ref failures);
            ReportTaken(isLast);
        }

        bool isEmpty;
        lock (_imports.Lock)
        {
            isEmpty = _events.Count == 0;
            _isScheduled = !isEmpty;
        }

        if (!isEmpty)
        {
            Evaluator.Post(Drain);
        }

        if (failures is { Count: 1 })
        {
            ExceptionDispatchInfo.Throw(failures[0]);
        }
        else if (failures is not null)
        {
            throw new AggregateException(failures);
        }
    }

    private void Handle(in InEvent next, ref List<Exception>? failures)
    {
        if (next.Import is { } import)
        {
            HandleState(import, next, ref failures);
            return;
        }

        if (next.Link != _link)
        {
            _link = next.Link;
            _taken = _reported = 0;
        }

        if (next.Items is { } items)
        {
            foreach (OutItem item in items)
            {
                Handle(InItem.From(item), ref failures);
                item.Payload?.Release();
                _taken++;
            }

            items.Clear();
            return;
        }

        var reader = new FieldReader(next.Bytes.AsSpan(0, next.Length));
        while (reader.TryRead(out int field))
        {
            if (field == 1 && reader.IsBytes)
            {
                Handle(InItem.Read(reader.Bytes), ref failures);
                _taken++;
            }
        }

        ArrayPool<byte>.Shared.Return(next.Bytes!);
    }

    private static void HandleState(RemoteImport import, in InEvent next, ref List<Exception>? failures)
    {
        TellState(import, next.State, ref failures);
        if (next.Joined is { } joined && import.IsWithoutValue && joined.TryGetLast(out InValue value))
        {
            Deliver(import, value, ref failures);
        }
    }

    private void Handle(in InItem item, ref List<Exception>? failures)
    {
        if (_imports.Find(item.Subscription) is not { } subscription || subscription.Key.Stream != this)
        {
            return;
        }

        RemoteImport[] imports = Volatile.Read(ref subscription.Imports);
        if (item.IsEvent)
        {
            HandleEvent(item, subscription, imports, ref failures);
            return;
        }

        var value = new InValue(item.Value, item.Direct, item.IsNull);
        if (item.Kind != OutKind.Current)
        {
            bool isNew = subscription.Count(item.Missed, out long dropped);
            bool isLatest = subscription.Key.IsProperty && subscription.Granted is { Overflow: RemoteOverflow.Latest };
            if (dropped > 0 && !isLatest)
            {
                TellMissed(imports, new Missed(dropped, MissedCause.Overflow), ref failures);
            }

            if (!isNew)
            {
                return;
            }

            if (item.Kind is OutKind.TooLarge or OutKind.Undecodable)
            {
                MissedCause cause = item.Kind == OutKind.TooLarge ? MissedCause.TooLarge : MissedCause.Undecodable;
                TellMissed(imports, new Missed(1, cause), ref failures);
                return;
            }
        }

        if (subscription.Key.IsProperty && !subscription.Keep(value, item.Kind == OutKind.Current))
        {
            return;
        }

        RemoteHops.Current = item.Hops + 1;
        foreach (RemoteImport import in imports)
        {
            Deliver(import, value, ref failures);
        }

        RemoteHops.Current = 0;
    }

    private static void HandleEvent(in InItem item, InSubscription subscription, RemoteImport[] imports, ref List<Exception>? failures)
    {
        Missed? missed = item.Kind == OutKind.Granted ? subscription.Begin(item.ReadGrant()) : null;
        RemoteState state = item.Kind switch
        {
            OutKind.Granted => RemoteState.Live,
            OutKind.Refused => RemoteState.Refused,
            _ => RemoteState.Waiting,
        };
        foreach (RemoteImport import in imports)
        {
            TellState(import, state, ref failures);
        }

        if (missed is { } gap)
        {
            TellMissed(imports, gap, ref failures);
        }
    }

    private static void Deliver(RemoteImport import, in InValue value, ref List<Exception>? failures)
    {
        try
        {
            if (!import.Deliver(value))
            {
                import.TellMissed(new Missed(1, MissedCause.Undecodable));
            }
        }
        catch (Exception exception)
        {
            // A slot that throws has taken the value.
            (failures ??= []).Add(exception);
        }
    }

    private static void TellState(RemoteImport import, RemoteState state, ref List<Exception>? failures)
    {
        try
        {
            import.TellState(state);
        }
        catch (Exception exception)
        {
            (failures ??= []).Add(exception);
        }
    }

    private static void TellMissed(RemoteImport[] imports, Missed missed, ref List<Exception>? failures)
    {
        foreach (RemoteImport import in imports)
        {
            try
            {
                import.TellMissed(missed);
            }
            catch (Exception exception)
            {
                (failures ??= []).Add(exception);
            }
        }
    }

    /// <summary>Tells the exporter how many items were handled.</summary>
    private void ReportTaken(bool isLast)
    {
        ulong unreported = _taken - _reported;
        if (unreported >= CreditInterval || (isLast && unreported > 0))
        {
            _reported = _taken;
            _imports.SendCredit(this, _link, _taken);
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_imports.Lock.IsHeldByCurrentThread);
        Debug.Assert(_queuedBytes >= 0 && SubscriptionCount >= 0);
    }
}
