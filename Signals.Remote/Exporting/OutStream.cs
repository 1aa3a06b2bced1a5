using System.Diagnostics;

namespace Signals.Remote;

/// <summary>
/// The queue of items for one evaluator of an importer, in the order of the emissions, with what was sent and has not been taken yet. Guarded by the lock
/// of the exports.
/// </summary>
/// <remarks>
/// Positions grow for ever; the entry of a position is at that index modulo the length. Entries that are dropped remain as dead ones, until they are
/// passed over or the ring is compacted, so that dropping takes constant time and the order of the others stays.
/// </remarks>
/// <param name="outlet">The outlet that announces items, or null for the queue of a <see cref="RemoteInbox"/>.</param>
/// <param name="id">The number of the stream.</param>
/// <param name="maxUnsentEvents">The number of items without a value that may wait before further subscriptions are not accepted.</param>
internal sealed partial class OutStream(RemoteOutlet? outlet, uint id, int maxUnsentEvents = OutStream.MaxUnsentEvents)
{
    private const int InitialLength = 8;

    /// <summary>The length up to which the ring is kept, although it has become empty.</summary>
    private const int KeptLength = 1024;

    /// <summary>The number of times in a row that a long ring was hardly needed, after which it is made shorter.</summary>
    private const int MaxIdleCycles = 256;

    private const int MaxUnsentEvents = 16_384;

    private OutEntry[] _ring = new OutEntry[InitialLength];

    /// <summary>The position of the first entry that has not been taken, or is dead.</summary>
    private long _taken;

    /// <summary>The position of the first entry that has not been sent.</summary>
    private long _sent;

    private long _end;

    /// <summary>The largest number of entries since the ring was empty.</summary>
    private long _most;

    /// <summary>The number of times in a row that the ring has become empty and was hardly needed before.</summary>
    private int _idleCycles;

    /// <summary>The numbers of items that were sent and taken. Dead entries do not count.</summary>
    private long _sentItems;
    private long _takenItems;

    /// <summary>The number of items without a value that have not been sent.</summary>
    private int _unsentEvents;

    /// <summary>Indicates whether the exchange was told that there is something to take.</summary>
    private bool _isReady;

    internal RemoteOutlet Outlet => outlet!;

    internal uint Id => id;

    /// <summary>
    /// Gets a value that indicates whether there is room for further items without a value: a limit against importers that subscribe and do not read.
    /// </summary>
    internal bool CanReply => _unsentEvents < maxUnsentEvents;

    /// <summary>Queues a value, or an emission that is not sent. Returns the number of emissions that were dropped for it.</summary>
    internal int PushValue(OutSubscription subscription, OutKind kind, Payload? payload, long number)
    {
        int size = payload?.Length ?? 0;
        int dropped = 0;
        while (subscription.IsFullWith(size))
        {
            dropped += DropOldest(subscription);
        }

        payload?.Add();
        long position = Append(
            new OutEntry
            {
                Kind = kind,
                Subscription = subscription,
                Payload = payload,
                Number = number,
                Next = OutSubscription.NoEntry,
            }
        );
        Link(subscription, position);
        subscription.LastNumber = number;
        subscription.Unsent++;
        subscription.UnsentBytes += size;
        AssertInvariants();
        return dropped;
    }

    /// <summary>Queues an item without a value.</summary>
    internal void Push(OutSubscription subscription, OutKind kind, object? content)
    {
        CatchUp();
        _unsentEvents++;
        Append(
            new OutEntry
            {
                Kind = kind,
                Subscription = subscription,
                Content = content,
                Next = OutSubscription.NoEntry,
            }
        );
    }

    /// <summary>Returns true if the exchange is to be told that there is something to take, and takes note that it is.</summary>
    internal bool BecomesReady()
    {
        if (_isReady)
        {
            return false;
        }

        if (!HasUnsent())
        {
            CatchUp();
        }

        _isReady = CanTake();
        return _isReady;
    }

    /// <summary>Takes items, until they have about the given number of bytes. Returns whether there are more to take now.</summary>
    internal bool Take(List<OutItem> items, int maxItems, int maxBytes)
    {
        CatchUp();
        int bytes = 0;
        while (CanTake())
        {
            ref OutEntry entry = ref At(_sent);
            OutSubscription subscription = entry.Subscription!;
            int size = (entry.Payload?.Length ?? 0) + OutItemWriter.MaxOverhead + (subscription.NameOfPattern?.Length ?? 0);
            if (items.Count >= maxItems || (bytes + size > maxBytes && items.Count > 0))
            {
                return true;
            }

            bytes += size;
            long missed = 0;
            if (entry.IsLimited)
            {
                Unlink(subscription, entry);
                subscription.InFlight++;
                if (entry.IsEmission)
                {
                    missed = entry.Number - 1 - subscription.Sent;
                    subscription.Sent = entry.Number;
                }
            }
            else
            {
                _unsentEvents--;
                OnEventSent(subscription, entry);
            }

            items.Add(
                new OutItem(subscription.Id, entry.Kind, entry.Payload, missed, entry.Content, subscription.NameOfPattern)
                {
                    Source = subscription,
                    Number = entry.Number,
                }
            );
            entry.Payload = null;
            entry.Content = null;
            _sent++;
            _sentItems++;
        }

        _isReady = false;
        AssertInvariants();
        return false;
    }

    /// <summary>Takes note of the number of items that the importer has handled. A wrong number is limited to what is possible.</summary>
    internal void OnTaken(ulong taken)
    {
        CatchUp();
        long items = (long)Math.Min(taken, (ulong)_sentItems);
        while (_taken < _sent && (_takenItems < items || At(_taken).Kind == OutKind.Dead))
        {
            ref OutEntry entry = ref At(_taken);
            if (entry.Kind != OutKind.Dead)
            {
                _takenItems++;
                if (entry.IsLimited)
                {
                    entry.Subscription!.InFlight--;
                }
            }

            entry = default;
            _taken++;
        }

        if (_taken == _end)
        {
            OnEmpty();
        }

        AssertInvariants();
    }

    /// <summary>Drops the unsent values of a subscription.</summary>
    internal void DropUnsent(OutSubscription subscription)
    {
        CatchUp();
        while (subscription.Unsent > 0)
        {
            DropOldest(subscription);
        }
    }

    /// <summary>Drops all values. The stream is not used any more.</summary>
    internal void Clear()
    {
        for (long position = _taken; position < _end; position++)
        {
            At(position).Payload?.Release();
        }

        _taken = _sent = _end = 0;
        _sentItems = _takenItems = 0;
        _unsentEvents = 0;
        _ring = new OutEntry[InitialLength];
    }

    /// <summary>Drops the oldest unsent value, which is then missed. Returns the number of emissions that it stands for.</summary>
    private int DropOldest(OutSubscription subscription)
    {
        ref OutEntry entry = ref At(subscription.First);
        bool isEmission = entry.IsEmission;
        Unlink(subscription, entry);
        entry.Payload?.Release();
        entry = new OutEntry { Kind = OutKind.Dead };
        return isEmission ? 1 : 0;
    }

    /// <summary>Determines the number from which an importer counts, as it is told of it: what was dropped before cannot be counted any more.</summary>
    private void OnEventSent(OutSubscription subscription, in OutEntry entry)
    {
        if (ReferenceEquals(entry.Content, subscription.Path))
        {
            subscription.Path = null;
        }

        if (entry.Kind != OutKind.Granted)
        {
            return;
        }

        var grant = (Wire.Grant)entry.Content!;
        if (subscription.IsRestarting && ReferenceEquals(grant, subscription.Grant))
        {
            subscription.IsRestarting = false;
            long next = subscription.First == OutSubscription.NoEntry ? subscription.LastNumber + 1 : At(subscription.First).Number;
            grant.Base = (ulong)(next - 1);
        }

        subscription.Sent = (long)grant.Base;
    }

    /// <summary>Adds the items that wait, and the sizes of their values. Those on their way do not count.</summary>
    internal void AddCounts(ref QueueCounts counts)
    {
        CatchUp();
        for (long position = _sent; position < _end; position++)
        {
            ref OutEntry entry = ref At(position);
            if (entry.Kind != OutKind.Dead)
            {
                counts.Length++;
                counts.Bytes += entry.Payload?.Length ?? 0;
            }
        }
    }

    /// <summary>Determines whether items wait. Those on their way do not count.</summary>
    internal bool HasUnsent()
    {
        while (_sent < _end && At(_sent).Kind == OutKind.Dead)
        {
            _sent++;
        }

        return _sent < _end;
    }

    private bool CanTake()
    {
        if (!HasUnsent())
        {
            return false;
        }

        ref OutEntry entry = ref At(_sent);
        return !entry.IsLimited || entry.Subscription!.InFlight < entry.Subscription.Window;
    }

    private long Append(OutEntry entry)
    {
        if (_end - _taken == _ring.Length)
        {
            Resize();
        }

        At(_end) = entry;
        _most = Math.Max(_most, _end + 1 - _taken);
        return _end++;
    }

    private void Link(OutSubscription subscription, long position)
    {
        if (subscription.Last == OutSubscription.NoEntry)
        {
            subscription.First = position;
        }
        else
        {
            At(subscription.Last).Next = position;
        }

        subscription.Last = position;
    }

    /// <summary>Removes the first unsent value of a subscription from its list.</summary>
    private static void Unlink(OutSubscription subscription, in OutEntry first)
    {
        subscription.First = first.Next;
        if (first.Next == OutSubscription.NoEntry)
        {
            subscription.Last = OutSubscription.NoEntry;
        }

        subscription.Unsent--;
        subscription.UnsentBytes -= first.Payload?.Length ?? 0;
    }

    /// <summary>Removes dead entries, and makes the ring larger if few are dead.</summary>
    private void Resize()
    {
        int live = 0;
        for (long position = _taken; position < _end; position++)
        {
            ref OutEntry entry = ref At(position);
            live += entry.Kind == OutKind.Dead ? 0 : 1;
            if (position >= _sent && entry.IsLimited)
            {
                entry.Subscription!.First = entry.Subscription.Last = OutSubscription.NoEntry;
            }
        }

        OutEntry[] before = _ring;
        long first = _taken;
        long sent = _sent;
        long end = _end;
        _ring = new OutEntry[live > before.Length / 2 ? before.Length * 2 : before.Length];
        _taken = _sent = _end = 0;
        for (long position = first; position < end; position++)
        {
            OutEntry entry = before[position & (before.Length - 1)];
            if (entry.Kind == OutKind.Dead)
            {
                continue;
            }

            entry.Next = OutSubscription.NoEntry;
            At(_end) = entry;
            if (position < sent)
            {
                _sent++;
            }
            else if (entry.IsLimited)
            {
                Link(entry.Subscription!, _end);
            }

            _end++;
        }
    }

    /// <summary>Makes a long ring shorter if it has hardly been needed for a while: one that is needed again and again remains.</summary>
    private void OnEmpty()
    {
        if (_ring.Length <= KeptLength || _most >= _ring.Length / 4)
        {
            _idleCycles = 0;
        }
        else if (++_idleCycles == MaxIdleCycles)
        {
            _ring = new OutEntry[_ring.Length / 2];
            _idleCycles = 0;
        }

        _most = 0;
    }

    private ref OutEntry At(long position) => ref _ring[position & (_ring.Length - 1)];

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_taken <= _sent && _sent <= _end && _end - _taken <= _ring.Length, "Entries are taken after they are sent.");
        Debug.Assert(_takenItems <= _sentItems, "No more is taken than was sent.");
    }
}
