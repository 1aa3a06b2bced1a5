using System.Buffers;

namespace Signals.Remote;

/// <content>What the evaluator does with what has arrived.</content>
internal sealed partial class InStream
{
    private void Handle(in InEvent next, ref InFailures failures)
    {
        if (next.Import is { } import)
        {
            HandleState(import, next, ref failures);
        }
        else if (next.Subscription is { } subscription)
        {
            HandleState(subscription, next, ref failures);
        }
        else
        {
            HandleBatch(next, ref failures);
        }
    }

    private void HandleBatch(in InEvent next, ref InFailures failures)
    {
        InFlow flow = next.Flow!;
        if (next.Items is { } items)
        {
            foreach (OutItem item in items)
            {
                Handle(InItem.From(item), flow, next.States, ref failures);
                item.Payload?.Release();
                CountTaken(flow);
            }

            _imports.Lists.Return(items);
            return;
        }

        var reader = new FieldReader(next.Bytes.AsSpan(0, next.Length));
        while (reader.TryRead(out int field))
        {
            if (field == 1 && reader.IsBytes)
            {
                Handle(InItem.Read(reader.Bytes), flow, next.States, ref failures);
                CountTaken(flow);
            }
        }

        ArrayPool<byte>.Shared.Return(next.Bytes!);
    }

    private static void HandleState(RemoteImport import, in InEvent next, ref InFailures failures)
    {
        TellState(import, next.State, ref failures);
        if (next.Joined is { } joined && import.IsWithoutValue && joined.Key.IsProperty && joined.Known.TryGet(out InValue value))
        {
            Deliver(import, value, ref failures);
        }
    }

    private static void HandleState(InSubscription subscription, in InEvent next, ref InFailures failures)
    {
        if (next.Lost is { } lost)
        {
            subscription.Origins.Lose(lost);
        }

        OnChanged(subscription, next.State, missed: null, ref failures);
    }

    private void Handle(in InItem item, InFlow flow, Queue<(RemoteState State, bool IsRefused)>? states, ref InFailures failures)
    {
        (RemoteState state, bool isRefused) = item.IsEvent ? states!.Dequeue() : default;
        if (_imports.Find(item.Subscription) is not { } subscription || subscription.Key.Stream != this)
        {
            return;
        }

        if (item.IsEvent)
        {
            HandleEvent(item, flow.Link, subscription, state, isRefused, ref failures);
        }
        else if (subscription.Origins.Find(flow.Link, item.ReadName(subscription)) is { } origin)
        {
            HandleValue(item, origin, subscription, ref failures);
        }
    }

    private static void HandleEvent(in InItem item, InLink link, InSubscription subscription, RemoteState state, bool isRefused, ref InFailures failures)
    {
        Missed? missed = null;
        if (item.Kind == OutKind.Granted && !isRefused)
        {
            Wire.Grant grant = item.ReadGrant();
            missed = subscription.Origins.Grant(link, item.ReadName(subscription), grant.Epoch, grant.Base);
        }
        else if (item.Kind != OutKind.Path || isRefused)
        {
            subscription.Origins.End(link, item.ReadName(subscription));
        }

        OnChanged(subscription, state, missed, ref failures);
    }

    private static void HandleValue(in InItem item, InOrigin origin, InSubscription subscription, ref InFailures failures)
    {
        RemoteImport[] imports = Volatile.Read(ref subscription.Imports);
        bool isGiven = subscription.Origins.IsGiven(origin);
        if (item.Kind != OutKind.Current)
        {
            bool isNew = origin.Count(item.Missed, out long dropped);
            bool isLatest = subscription.Key.IsProperty && subscription.Granted is { Overflow: RemoteOverflow.Latest };
            if (dropped > 0 && !isLatest && isGiven)
            {
                TellMissed(imports, new Missed(dropped, MissedCause.Overflow), ref failures);
            }

            if (!isNew)
            {
                return;
            }

            if (item.Kind is OutKind.TooLarge or OutKind.Undecodable)
            {
                if (isGiven)
                {
                    MissedCause cause = item.Kind == OutKind.TooLarge ? MissedCause.TooLarge : MissedCause.Undecodable;
                    TellMissed(imports, new Missed(1, cause), ref failures);
                }

                return;
            }
        }

        var value = new InValue(item.Value, item.Direct, item.IsNull, origin.Name);
        if (!isGiven)
        {
            if (subscription.Key.IsProperty)
            {
                (origin.Held ??= new KeptValue()).Set(value);
            }

            return;
        }

        if (subscription.Key.IsProperty)
        {
            if (item.Kind == OutKind.Current && subscription.Known.Is(value))
            {
                return;
            }

            subscription.Known.Set(value);
        }

        RemoteHops.Current = item.Hops + 1;
        foreach (RemoteImport import in imports)
        {
            Deliver(import, value, ref failures);
        }

        RemoteHops.Current = 0;
    }

    /// <summary>Tells the imports of a change: the state first, then what was missed, then the value of an export that has taken the place of another one.</summary>
    private static void OnChanged(InSubscription subscription, RemoteState state, Missed? missed, ref InFailures failures)
    {
        RemoteImport[] imports = Volatile.Read(ref subscription.Imports);
        InOrigin? chosen = subscription.Origins.ChooseOwner(out bool replaces);
        foreach (RemoteImport import in imports)
        {
            TellState(import, state, ref failures);
        }

        missed = replaces ? new Missed(null, MissedCause.Restarted) : missed;
        if (missed is { } gap)
        {
            TellMissed(imports, gap, ref failures);
        }

        if (chosen?.Held is { } held && held.TryGet(out InValue value))
        {
            chosen.Held = null;
            if (!subscription.Known.Is(value))
            {
                subscription.Known.Set(value);
                foreach (RemoteImport import in imports)
                {
                    Deliver(import, value, ref failures);
                }
            }
        }
    }

    private static void Deliver(RemoteImport import, in InValue value, ref InFailures failures)
    {
        try
        {
            if (!import.Deliver(value))
            {
                var missed = new Missed(1, MissedCause.Undecodable);
                RemoteMetrics.RecordMissed(import.Name, missed);
                import.TellMissed(missed);
            }
        }
        catch (Exception exception)
        {
            // A slot that throws has taken the value.
            failures.Add(exception);
        }
    }

    private static void TellState(RemoteImport import, RemoteState state, ref InFailures failures)
    {
        try
        {
            import.TellState(state);
        }
        catch (Exception exception)
        {
            failures.Add(exception);
        }
    }

    private static void TellMissed(RemoteImport[] imports, Missed missed, ref InFailures failures)
    {
        if (imports is [var first, ..])
        {
            RemoteMetrics.RecordMissed(first.Name, missed);
        }

        foreach (RemoteImport import in imports)
        {
            try
            {
                import.TellMissed(missed);
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }
        }
    }
}
