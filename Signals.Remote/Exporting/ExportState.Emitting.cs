namespace Signals.Remote;

/// <content>Hands emissions to the subscriptions.</content>
internal abstract partial class ExportState
{
    /// <summary>The size of the largest value that all subscriptions can receive.</summary>
    private int _maxForAll = int.MaxValue;

    /// <summary>Gets the emissions that the streams of some subscriptions have not queued yet.</summary>
    internal EmissionLog Log { get; } = new();

    /// <inheritdoc cref="EmissionCounter.TryCount"/>
    private protected bool TryCount() => _emissions.TryCount();

    /// <summary>Hands an emission to all subscriptions. Takes the lock.</summary>
    /// <param name="payload">The value, or null if there is a gap.</param>
    /// <param name="gap">The kind of the gap.</param>
    /// <returns>The size that was too large for a subscription, or zero.</returns>
    private protected int Emit(Payload? payload, OutKind gap = OutKind.Undecodable)
    {
        int tooLarge = 0;
        ReadyStreams ready = ReadyStreams.Rent();
        lock (Owner.Lock)
        {
            AssertInvariants();
            if (!IsWithdrawn)
            {
                long number = _emissions.Add();
                Keep(payload);
                if (_granted.Count > 0)
                {
                    tooLarge = payload?.Length > _maxForAll ? payload.Length : 0;
                    var emission = new Emission
                    {
                        Payload = payload,
                        Gap = gap,
                        Number = number,
                        Order = ++Owner.LastOrder,
                    };
                    Log.Add(emission, ready);
                }
            }
        }

        ready.Announce();
        return tooLarge;
    }

    /// <summary>Queues an emission of the log for a subscription.</summary>
    internal void Queue(OutSubscription subscription, long position)
    {
        Emission emission = Log[position];
        OutKind kind = KindFor(subscription, emission.Payload, emission.Gap);
        if (subscription.Overflow == RemoteOverflow.Disconnect && subscription.IsFullWith(emission.Payload?.Length ?? 0))
        {
            EndSlow(subscription);
        }
        else
        {
            _dropped += subscription.Stream.PushValue(subscription, kind, kind == OutKind.Value ? emission.Payload : null, emission.Number);
        }
    }

    private static OutKind KindFor(OutSubscription subscription, Payload? payload, OutKind gap = OutKind.Undecodable) =>
        payload is null ? gap
        : payload.Length > subscription.Stream.Outlet.MaxValueBytes ? OutKind.TooLarge
        : OutKind.Value;

    private void EndSlow(OutSubscription subscription)
    {
        RemoteExports.Refuse(subscription, OutState.TooSlow, "too slow", ready: null);
        _granted.Remove(subscription);
        OnRemoved(subscription);
    }
}
