using Google.Protobuf;
using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>A subscription at the importer, which imports of the same kind share.</summary>
/// <param name="id">The number, which is never used again.</param>
/// <param name="key">The key.</param>
internal sealed class InSubscription(uint id, SubscriptionKey key)
{
    /// <summary>The imports. The array is replaced when it changes, while the lock of the imports is held.</summary>
    internal RemoteImport[] Imports = [];

    /// <summary>The state, its reason and the grant. Written while the lock of the imports is held.</summary>
    internal volatile RemoteState State;
    internal volatile string? Reason;
    internal volatile RemoteGrant? Granted;
    internal volatile string[] Path = [];

    // The rest is used by the evaluator only.
    private ulong _epoch;

    /// <summary>The number of the last emission that has arrived or was reported as missed.</summary>
    private long _last;

    /// <summary>The number of the last emission that the items of this link have described.</summary>
    private long _described;

    private byte[]? _lastValue;
    private int _lastLength;
    private Payload? _lastDirect;
    private bool _isLastNull;
    private bool _hasLast;

    internal uint Id => id;

    internal SubscriptionKey Key => key;

    /// <summary>Takes note that the subscription is granted, as the item arrives. Called while the lock is held.</summary>
    internal void OnGranted(Grant grant)
    {
        var overflow = (RemoteOverflow)Math.Min(grant.Overflow, (uint)RemoteOverflow.Disconnect);
        var replay = (RemoteReplay)Math.Min(grant.Replay, (uint)RemoteReplay.Last);
        Granted = new RemoteGrant(overflow, (int)Math.Min(grant.Capacity, int.MaxValue), replay, (int)Math.Min(grant.ReplayCount, int.MaxValue));
        Path = [.. grant.Path.Take(RemoteExports.MaxPath)];
        Reason = null;
        State = RemoteState.Live;
    }

    /// <summary>Compares a grant with what has arrived before. Returns what was missed, or null.</summary>
    internal Missed? Begin(Grant grant)
    {
        long described = (long)Math.Min(grant.Base, long.MaxValue);
        Missed? missed = null;
        if (_epoch == 0)
        {
            _last = described;
        }
        else if (_epoch != grant.Epoch)
        {
            missed = new Missed(null, MissedCause.Restarted);
            _last = described;
        }
        else if (described > _last)
        {
            missed = new Missed(described - _last, MissedCause.Reconnected);
            _last = described;
        }

        _epoch = grant.Epoch;
        _described = described;
        return missed;
    }

    /// <summary>Counts an emission and those dropped before it. Returns false if it has arrived before.</summary>
    /// <param name="missed">The number of emissions that were dropped before.</param>
    /// <param name="dropped">The number of dropped emissions before this one that were not reported yet.</param>
    internal bool Count(ulong missed, out long dropped)
    {
        long first = _described + (long)Math.Min(missed, long.MaxValue / 4);
        dropped = Math.Max(0, first - Math.Max(_described, _last));
        _described = first + 1;
        if (_described <= _last)
        {
            return false;
        }

        _last = _described;
        return true;
    }

    /// <summary>Keeps a value of a property. Returns false if it is the known one.</summary>
    internal bool Keep(in InValue value, bool isCurrent)
    {
        if (isCurrent && _hasLast && IsLast(value))
        {
            return false;
        }

        _hasLast = true;
        _isLastNull = value.IsNull;
        _lastDirect = value.Direct;
        _lastLength = value.Bytes.Length;
        if (_lastValue is null || _lastValue.Length < _lastLength)
        {
            _lastValue = new byte[Math.Max(_lastLength, 16)];
        }

        value.Bytes.CopyTo(_lastValue);
        return true;
    }

    /// <summary>Gives the known value to an import that has joined.</summary>
    internal bool TryGetLast(out InValue value)
    {
        value = new InValue(_lastValue.AsSpan(0, _lastLength), _lastDirect, _isLastNull);
        return _hasLast;
    }

    internal ReadOnlyMemory<byte> CreateRequest()
    {
        var request = new SubscribeRequest
        {
            Stream = key.Stream.Id,
            Subscription = id,
            Name = key.Name,
            Type = key.TypeName,
        };
        if (key.IsProperty)
        {
            request.IsProperty = true;
        }

        if (key.Overflow is { } overflow)
        {
            request.Overflow = (uint)overflow;
        }

        if (key.Capacity is { } capacity)
        {
            request.Capacity = (uint)capacity;
        }

        if (key.Replay is { } replay)
        {
            request.Replay = (uint)replay;
        }

        if (key.ReplayCount is { } count)
        {
            request.ReplayCount = (uint)count;
        }

        var path = new List<string>();
        foreach (RemoteImport import in Volatile.Read(ref Imports))
        {
            import.AddDownstreamPath(path);
        }

        request.Path.AddRange(path.Distinct().Take(RemoteExports.MaxPath));
        return request.ToByteArray();
    }

    private bool IsLast(in InValue value) =>
        value.IsNull == _isLastNull
        && (value.Direct is null ? value.Bytes.SequenceEqual(_lastValue.AsSpan(0, _lastLength)) : value.Direct.IsSame(_lastDirect));
}
