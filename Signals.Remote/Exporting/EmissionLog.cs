using System.Diagnostics;

namespace Signals.Remote;

/// <summary>
/// The last emissions of an export. An emission is added here once, whatever the number of subscriptions. Their streams queue it when they are used the
/// next time: see <see cref="OutStream.CatchUp"/>. Guarded by the lock of the exports.
/// </summary>
/// <remarks>
/// A subscription is current if its stream has queued all emissions, and otherwise behind. An emission concerns only the subscriptions that are current,
/// and makes them fall behind. So in a burst, most emissions have the same cost with many subscriptions as with one.
/// </remarks>
internal sealed class EmissionLog
{
    private const int InitialLength = 8;

    /// <summary>The maximum number of emissions for which a subscription may be behind.</summary>
    private const int MaxCount = 256;

    /// <summary>The size of their values above which no subscription may be behind.</summary>
    private const int MaxBytes = 64 * 1024;

    private Emission[] _ring = new Emission[InitialLength];

    /// <summary>The position of the first emission that is kept. The emission of a position is at that index modulo the length.</summary>
    private long _first;

    private long _bytes;

    private List<OutSubscription> _current = [];

    /// <summary>An empty list, which takes turns with that of the current subscriptions.</summary>
    private List<OutSubscription> _unused = [];

    /// <summary>The subscriptions that are behind, linked in the order in which they fell behind, and their number.</summary>
    private OutSubscription? _oldest;
    private OutSubscription? _newest;
    private int _behind;

    /// <summary>Gets the position after the last emission.</summary>
    internal long End { get; private set; }

    /// <summary>Gets the number of subscriptions.</summary>
    internal int SubscriptionCount => _current.Count + _behind;

    /// <summary>Gets an emission that is kept.</summary>
    internal ref readonly Emission this[long position] => ref At(position);

    /// <summary>Adds a subscription, which is current.</summary>
    internal void Join(OutSubscription subscription) => _current.Add(subscription);

    /// <summary>Removes a subscription.</summary>
    internal void Leave(OutSubscription subscription)
    {
        if (subscription.IsBehind)
        {
            Unlink(subscription);
            subscription.Stream.Forget(subscription);
        }
        else
        {
            _current.Remove(subscription);
        }
    }

    /// <summary>Adds an emission, and tells the streams for which it is the first one that they have not queued. There must be a subscription.</summary>
    internal void Add(in Emission emission, ReadyStreams ready)
    {
        if (End - _first == _ring.Length)
        {
            Grow();
        }

        emission.Payload?.Add();
        _bytes += emission.Payload?.Length ?? 0;
        At(End++) = emission;
        (_current, _unused) = (_unused, _current);
        foreach (OutSubscription subscription in _unused)
        {
            Link(subscription);
            subscription.Stream.FallBehind(subscription);
        }

        // Only now: the emission is released as soon as no subscription is behind.
        foreach (OutSubscription subscription in _unused)
        {
            if (subscription.Overflow == RemoteOverflow.Disconnect)
            {
                // The first emission that does not fit into its queue ends it.
                subscription.Stream.CatchUp();
            }

            ready.Add(subscription.Stream);
        }

        _unused.Clear();
        Limit();
    }

    /// <summary>Takes note that the stream of a subscription has queued all emissions.</summary>
    internal void OnCurrent(OutSubscription subscription)
    {
        if (subscription.IsBehind)
        {
            Unlink(subscription);
            _current.Add(subscription);
        }
    }

    /// <summary>Has all streams queue the emissions.</summary>
    internal void CatchUp()
    {
        while (_oldest is { } oldest)
        {
            oldest.Stream.CatchUp();
        }
    }

    /// <summary>
    /// Has streams queue emissions before too many are kept: the more there are, the more streams, so that no single emission bears the cost of many.
    /// </summary>
    private void Limit()
    {
        if (_bytes > MaxBytes)
        {
            CatchUp();
            return;
        }

        int count = (int)(End - _first);
        if (count <= MaxCount / 2)
        {
            return;
        }

        int room = Math.Max(MaxCount - count, 1);
        for (int due = (_behind + room - 1) / room; due > 0 && _oldest is { } oldest; due--)
        {
            oldest.Stream.CatchUp();
        }
    }

    private void Link(OutSubscription subscription)
    {
        subscription.Position = End - 1;
        subscription.IsBehind = true;
        subscription.PreviousBehind = _newest;
        if (_newest is null)
        {
            _oldest = subscription;
        }
        else
        {
            _newest.NextBehind = subscription;
        }

        _newest = subscription;
        _behind++;
    }

    private void Unlink(OutSubscription subscription)
    {
        OutSubscription? previous = subscription.PreviousBehind;
        OutSubscription? next = subscription.NextBehind;
        subscription.PreviousBehind = subscription.NextBehind = null;
        subscription.IsBehind = false;
        _behind--;
        if (next is null)
        {
            _newest = previous;
        }
        else
        {
            next.PreviousBehind = previous;
        }

        if (previous is not null)
        {
            previous.NextBehind = next;
            return;
        }

        _oldest = next;
        for (long end = next?.Position ?? End; _first < end; _first++)
        {
            ref Emission emission = ref At(_first);
            _bytes -= emission.Payload?.Length ?? 0;
            emission.Payload?.Release();
            emission = default;
        }
    }

    private void Grow()
    {
        Emission[] before = _ring;
        _ring = new Emission[before.Length * 2];
        for (long position = _first; position < End; position++)
        {
            At(position) = before[position & (before.Length - 1)];
        }
    }

    private ref Emission At(long position) => ref _ring[position & (_ring.Length - 1)];

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    internal void AssertInvariants()
    {
        Debug.Assert(_first == (_oldest?.Position ?? End), "Emissions are kept while a subscription is behind them.");
        Debug.Assert(_bytes >= 0 && (_bytes == 0 || _oldest is not null));
        Debug.Assert((_oldest is null) == (_behind == 0) && (_newest is null) == (_behind == 0) && _unused.Count == 0);
    }
}
