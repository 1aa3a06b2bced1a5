using System.Diagnostics;
using System.Security.Cryptography;
using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>An export: its emissions, counted, and the subscriptions that receive them. Guarded by the lock of the exports unless said otherwise.</summary>
internal abstract partial class ExportState
{
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(30);

    private readonly List<OutSubscription> _granted = [];

    /// <summary>The subscriptions that are granted as soon as the source is connected.</summary>
    private readonly List<OutSubscription> _pending = [];

    /// <summary>The subscriptions that carry the emissions for all importers of a broadcast, one for each broadcast with importers.</summary>
    private readonly List<OutSubscription> _carriers = [];

    /// <summary>The number of granted subscriptions whose emissions are carried.</summary>
    private int _carriedCount;

    /// <summary>The last emissions, for replay.</summary>
    private readonly Queue<Payload> _kept = new();

    /// <summary>The current value of a property, or null while it is not connected or has none.</summary>
    private Payload? _current;

    private EmissionCounter _emissions;

    private ulong _epoch = CreateEpoch();
    private long _dropped;

    private protected ExportState(RemoteExports owner, string name, string typeName, bool isProperty, ExportOptions options, RemoteImport? source)
    {
        Owner = owner;
        Name = name;
        TypeName = typeName;
        IsProperty = isProperty;
        Options = options;
        SourceImport = source;
        Node = owner.NodeOf(name);
        if (options.Replay != RemoteReplay.None)
        {
            KeptCount = options.Replay == RemoteReplay.Last ? options.ReplayCount : 1;
        }

        if (isProperty || KeptCount > 0)
        {
            _emissions.Activate();
        }
    }

    internal RemoteExports Owner { get; }

    internal string Name { get; }

    internal string TypeName { get; }

    internal bool IsProperty { get; }

    internal ExportOptions Options { get; }

    /// <summary>Gets the import that is exported, or null if it is an ordinary signal.</summary>
    internal RemoteImport? SourceImport { get; }

    /// <summary>Gets the name with the exchange, for paths.</summary>
    internal string Node { get; }

    /// <summary>Gets what the user holds.</summary>
    internal required RemoteExport Handle { get; init; }

    internal bool IsWithdrawn { get; private set; }

    internal int SubscriberCount => Volatile.Read(ref _subscriberCount);

    /// <summary>Gets the number of emissions that were dropped, of all subscriptions. Takes the lock.</summary>
    internal long DroppedCount
    {
        get
        {
            lock (Owner.Lock)
            {
                AssertInvariants();
                Log.CatchUp();
                return _dropped;
            }
        }
    }

    private int KeptCount { get; }

    private int _subscriberCount;

    /// <summary>Takes note of the value that a property has as it is connected. Takes the lock.</summary>
    private protected void SetCurrent(Payload? payload)
    {
        lock (Owner.Lock)
        {
            AssertInvariants();
            ReplaceCurrent(payload);
        }
    }

    /// <summary>Ends a subscription: the importer does not want it any more, or its connection is lost.</summary>
    internal void Remove(OutSubscription subscription)
    {
        _pending.Remove(subscription);
        if (_granted.Remove(subscription))
        {
            OnRemoved(subscription);
        }
    }

    /// <summary>Grants a subscription, now or when the source is connected. Afterwards the caller updates the source.</summary>
    internal void Admit(OutSubscription subscription, ReadyStreams ready)
    {
        if (Options.MaxSubscribers is { } max && _granted.Count + _pending.Count >= max)
        {
            RemoteExports.Refuse(subscription, OutState.NoPlace, "more subscriptions than allowed", ready);
            return;
        }

        subscription.Export = this;
        subscription.State = OutState.Pending;
        _pending.Add(subscription);
        GrantPending(ready);
    }

    /// <summary>Ends the export. Its subscriptions wait for another one. Afterwards the caller updates the source.</summary>
    internal List<OutSubscription> Withdraw(ReadyStreams ready)
    {
        IsWithdrawn = true;
        List<OutSubscription> ended = [.. _granted, .. _pending];
        foreach (OutSubscription subscription in _granted)
        {
            subscription.Stream.Push(subscription, OutKind.Withdrawn, content: null);
            if (subscription.IsDirect)
            {
                Log.Leave(subscription);
            }

            ready.Add(subscription.Stream);
            Handle.OnUnsubscribed(subscription.Subscriber);
        }

        foreach (OutSubscription subscription in ended)
        {
            subscription.State = OutState.Waiting;
            subscription.Export = null;
        }

        EndCarriers();
        _granted.Clear();
        _pending.Clear();
        _subscriberCount = 0;
        _emissions.Activate();
        ReplaceCurrent(null);
        ForgetKept();
        return ended;
    }

    private void OnRemoved(OutSubscription subscription)
    {
        Volatile.Write(ref _subscriberCount, _granted.Count);
        if (subscription.IsDirect)
        {
            Log.Leave(subscription);
        }
        else
        {
            Uncarry(subscription);
        }

        if (subscription.Stream.Outlet.MaxValueBytes == _maxForAll)
        {
            _maxForAll = _granted.Count == 0 ? int.MaxValue : _granted.Min(static one => one.Stream.Outlet.MaxValueBytes);
        }

        if (_granted.Count == 0)
        {
            if (!IsProperty && KeptCount == 0)
            {
                _emissions.Deactivate();
            }

            Linger();
        }

        Handle.OnUnsubscribed(subscription.Subscriber);
        Owner.OnPlace(this);
    }

    private void GrantPending(ReadyStreams ready)
    {
        // A thread that is disconnecting the source connects it again, and calls this: until then, emissions are not counted.
        if (!_isConnected || _isUpdating)
        {
            return;
        }

        foreach (OutSubscription subscription in _pending)
        {
            Grant(subscription);
            ready.Add(subscription.Stream);
        }

        _pending.Clear();
    }

    private void Grant(OutSubscription subscription)
    {
        SubscribeRequest request = subscription.Request;
        long count = _emissions.Activate();
        int capacity = request.HasCapacity ? (int)Math.Clamp(request.Capacity, 1, (uint)Options.Capacity) : Options.Capacity;
        var overflow = request.HasOverflow && request.Overflow <= (uint)RemoteOverflow.Disconnect ? (RemoteOverflow)request.Overflow : Options.Overflow;
        subscription.Agree(overflow, capacity, Options.MaxQueuedBytes);
        RemoteReplay replay = IsProperty ? RemoteReplay.Current : Options.Replay;
        if (request.HasReplay && request.Replay < (uint)replay)
        {
            replay = (RemoteReplay)request.Replay;
        }

        int replayCount = replay switch
        {
            RemoteReplay.None => 0,
            RemoteReplay.Current => 1,
            _ => Math.Min(KeptCount, request.HasReplayCount ? (int)Math.Clamp(request.ReplayCount, 1, int.MaxValue) : KeptCount),
        };
        int replayed = IsProperty ? 0 : Math.Min(Math.Min(replayCount, _kept.Count), subscription.Capacity);
        bool hasCurrent = IsProperty && replay != RemoteReplay.None && _current is not null;
        if (hasCurrent && _current!.Length > subscription.Stream.Outlet.MaxValueBytes)
        {
            // Reported as an emission that is too large: the last one, or the first one if there was none.
            count = count == 0 ? _emissions.Add() : count;
            replayed = 1;
        }

        var grant = new Grant
        {
            Overflow = (uint)overflow,
            Capacity = (uint)subscription.Capacity,
            Replay = (uint)replay,
            ReplayCount = (uint)replayCount,
            Epoch = _epoch,
            Base = (ulong)(count - replayed),
        };
        List<string> path = ReadPath();
        _toldPath ??= path;
        grant.Path.AddRange(path);
        if (IsProperty)
        {
            grant.IsProperty = true;
        }

        subscription.State = OutState.Granted;
        subscription.Grant = grant;
        subscription.IsRestarting = false;
        subscription.LastNumber = count - replayed;
        _granted.Add(subscription);
        Volatile.Write(ref _subscriberCount, _granted.Count);
        subscription.Stream.Push(subscription, OutKind.Granted, grant);
        if (hasCurrent && replayed == 0)
        {
            subscription.Stream.PushValue(subscription, OutKind.Current, _current, count);
        }
        else if (hasCurrent)
        {
            subscription.Stream.PushValue(subscription, OutKind.TooLarge, payload: null, count);
        }

        long number = count - replayed;
        foreach (Payload kept in _kept.Skip(_kept.Count - replayed))
        {
            OutKind kind = KindFor(subscription, kept);
            subscription.Stream.PushValue(subscription, kind, kind == OutKind.Value ? kept : null, ++number);
        }

        if (subscription.IsDirect)
        {
            Log.Join(subscription);
        }
        else
        {
            Carry(subscription, count);
        }

        _maxForAll = Math.Min(_maxForAll, subscription.Stream.Outlet.MaxValueBytes);
        Handle.OnSubscribed(subscription.Subscriber);
    }

    private void Keep(Payload? payload)
    {
        if (IsProperty)
        {
            ReplaceCurrent(payload);
        }
        else if (KeptCount > 0 && payload is not null)
        {
            payload.Add();
            _kept.Enqueue(payload);
            if (_kept.Count > KeptCount)
            {
                _kept.Dequeue().Release();
            }
        }
        else
        {
            // The numbers of the others are reckoned from the end.
            ForgetKept();
        }
    }

    private void ForgetKept()
    {
        while (_kept.TryDequeue(out Payload? kept))
        {
            kept.Release();
        }
    }

    private void ReplaceCurrent(Payload? payload)
    {
        payload?.Add();
        _current?.Release();
        _current = payload;
    }

    private static ulong CreateEpoch() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(Owner.Lock.IsHeldByCurrentThread);
        Debug.Assert(_granted.Count == _subscriberCount && _granted.Count - _carriedCount + _carriers.Count == Log.SubscriptionCount);
        Log.AssertInvariants();
        Debug.Assert(_granted.Count == 0 || _emissions.IsActive, "Subscribed exports are active.");
        Debug.Assert(_kept.Count <= KeptCount);
        Debug.Assert(!IsWithdrawn || _granted.Count + _pending.Count == 0);
    }
}
