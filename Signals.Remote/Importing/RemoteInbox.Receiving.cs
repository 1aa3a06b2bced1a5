using System.Buffers;

namespace Signals.Remote;

/// <content>Batches from the network.</content>
public sealed partial class RemoteInbox
{
    /// <summary>The largest number of an emission. A larger one comes from a hostile process.</summary>
    private const ulong MaxNumber = long.MaxValue / 4;

    private const int MaxCapacity = 16 * 1024 * 1024;

    /// <summary>Receives a batch that the exporter has sent to this importer.</summary>
    /// <param name="batch">The batch, which is copied.</param>
    /// <returns><see langword="false"/> if the batch is malformed: the exchange must replace the connection to the exporter.</returns>
    public bool Receive(ReadOnlySpan<byte> batch)
    {
        bool passes = false;
        try
        {
            lock (_lock)
            {
                AssertInvariants();
                var reader = new FieldReader(batch);
                while (reader.TryRead(out int field))
                {
                    if (field == 1 && reader.IsBytes)
                    {
                        InItem item = InItem.Read(reader.Bytes);
                        if (_byId.TryGetValue(item.Subscription, out Inward? subscription) && subscription.FindFor(item) is { } queue)
                        {
                            Take(item, queue);
                            passes |= SetReady(subscription.Stream);
                        }
                    }
                }
            }

            return true;
        }
        catch (FormatException)
        {
            return false;
        }
        finally
        {
            Pass(passes);
        }
    }

    /// <summary>Receives a batch of emissions that the exporter has published.</summary>
    /// <param name="request">The name or the pattern with which the exchange has received the batch. Subscriptions with other names and patterns ignore it.</param>
    /// <param name="name">The name of the export.</param>
    /// <param name="epoch">The number that identifies the export. Subscriptions that another export has granted ignore the emissions.</param>
    /// <param name="before">The number of emissions before those of the batch. Emissions that have arrived already are ignored.</param>
    /// <param name="batch">The batch, which is copied.</param>
    /// <returns><see langword="false"/> if the batch is malformed. Items before the error have been received.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> or <paramref name="name"/> is null.</exception>
    public bool ReceiveEmissions(string request, string name, ulong epoch, ulong before, ReadOnlySpan<byte> batch)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(name);
        bool passes = false;
        List<uint>? slow = null;
        try
        {
            lock (_lock)
            {
                AssertInvariants();
                if (!_byRequest.TryGetValue(request, out List<Inward>? subscriptions))
                {
                    return true;
                }

                ulong number = before;
                var reader = new FieldReader(batch);
                while (reader.TryRead(out int field))
                {
                    if (field != 1 || !reader.IsBytes)
                    {
                        continue;
                    }

                    InItem item = InItem.Read(reader.Bytes);
                    if (item.Missed > MaxNumber || number > MaxNumber || item.Kind is not (OutKind.Value or OutKind.TooLarge or OutKind.Undecodable))
                    {
                        return false;
                    }

                    number += item.Missed + 1;
                    passes |= Distribute(item, name, epoch, (long)number, subscriptions, ref slow);
                }
            }

            return true;
        }
        catch (FormatException)
        {
            return false;
        }
        finally
        {
            Pass(passes);
            slow?.ForEach(EndAtExporter);
        }
    }

    /// <summary>Queues an emission for the subscriptions that receive it. Called while the lock is held.</summary>
    private bool Distribute(in InItem item, string name, ulong epoch, long number, List<Inward> subscriptions, ref List<uint>? slow)
    {
        EncodedPayload? payload = null;
        bool passes = false;
        foreach (Inward subscription in subscriptions)
        {
            OutSubscription? queue = subscription.Find(name);
            if (queue is null || queue.State != OutState.Granted || queue.Epoch != epoch || number <= queue.LastNumber)
            {
                continue;
            }

            payload ??= Rent(item);
            if (queue.Overflow == RemoteOverflow.Disconnect && queue.IsFullWith(payload?.Length ?? 0))
            {
                queue.State = OutState.TooSlow;
                queue.Stream.Push(queue, OutKind.Refused, "too slow");
                (slow ??= []).Add(subscription.Id);
            }
            else
            {
                queue.Stream.PushValue(queue, item.Kind, payload, number);
            }

            passes |= SetReady(subscription.Stream);
        }

        payload?.Release();
        return passes;
    }

    /// <summary>Queues an item for one subscription. Called while the lock is held.</summary>
    private void Take(in InItem item, OutSubscription queue)
    {
        switch (item.Kind)
        {
            case OutKind.Granted:
                Begin(queue, item.ReadGrant());
                break;
            case OutKind.Refused:
                queue.State = OutState.Refused;
                queue.Stream.Push(queue, OutKind.Refused, item.ReadReason());
                break;
            case OutKind.Withdrawn:
                queue.State = OutState.Waiting;
                queue.Stream.Push(queue, OutKind.Withdrawn, content: null);
                break;
            case OutKind.Path:
                Wire.SourcePath path = item.ReadPath();
                if (queue.Grant is { } granted)
                {
                    queue.Grant = granted.Clone();
                    queue.Grant.Path.Clear();
                    queue.Grant.Path.Add(path.Nodes);
                }

                queue.Stream.Push(queue, OutKind.Path, path);
                break;
            case OutKind.Value or OutKind.Current or OutKind.TooLarge or OutKind.Undecodable when queue.State == OutState.Granted:
                if (item.Missed > MaxNumber)
                {
                    throw new FormatException("The number is too large.");
                }

                // A replayed emission, or the current value.
                long number = item.Kind == OutKind.Current ? queue.LastNumber : queue.LastNumber + (long)item.Missed + 1;
                EncodedPayload? payload = Rent(item);
                queue.Stream.PushValue(queue, item.Kind, payload, number);
                payload?.Release();
                break;
        }
    }

    private static void Begin(OutSubscription queue, Wire.Grant grant)
    {
        if (grant.Base > MaxNumber)
        {
            throw new FormatException("The number is too large.");
        }

        uint wanted = queue.Request.HasCapacity ? queue.Request.Capacity : MaxCapacity;
        grant.Capacity = Math.Clamp(grant.Capacity, 1, Math.Clamp(wanted, 1, MaxCapacity));
        queue.Agree(
            grant.Overflow <= (uint)RemoteOverflow.Disconnect ? (RemoteOverflow)grant.Overflow : RemoteOverflow.DropOldest,
            (int)grant.Capacity,
            MaxQueuedBytes
        );
        queue.State = OutState.Granted;
        queue.Epoch = grant.Epoch;
        queue.LastNumber = (long)grant.Base;
        queue.Grant = grant;
        queue.Stream.Push(queue, OutKind.Granted, grant);
    }

    /// <summary>Copies the value of an item. Returns null if it has none.</summary>
    private EncodedPayload? Rent(in InItem item)
    {
        if (item.Kind is not (OutKind.Value or OutKind.Current))
        {
            return null;
        }

        EncodedPayload payload = _payloads.Rent();
        payload.Begin(item.Hops);
        payload.IsNull = item.IsNull;
        payload.Write(item.Value);
        return payload;
    }

    /// <summary>Ends a subscription at the exporter that was too slow. Its imports are refused, and end it when their last slot is disconnected.</summary>
    private void EndAtExporter(uint subscription) =>
        _send(
            RemoteOperation.Unsubscribe,
            Google.Protobuf.MessageExtensions.ToByteArray(new Wire.UnsubscribeRequest { Subscriptions = { subscription } })
        );
}
