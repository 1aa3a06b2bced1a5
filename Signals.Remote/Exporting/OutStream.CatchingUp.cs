namespace Signals.Remote;

/// <content>
/// Takes emissions over from the logs of exports. All that looks at the queue or changes it does this before, so that it finds what it would find if each
/// emission had been queued at once.
/// </content>
internal sealed partial class OutStream
{
    /// <summary>The subscriptions with emissions that have not been queued yet.</summary>
    private List<OutSubscription> _behind = [];

    /// <summary>Those of which the emissions are being queued. Otherwise empty.</summary>
    private List<OutSubscription> _filling = [];

    /// <summary>Their emissions, if there are several of them. Otherwise empty.</summary>
    private List<LoggedEmission>? _logged;

    /// <summary>Takes note that the log of a subscription has emissions for it.</summary>
    internal void FallBehind(OutSubscription subscription) => _behind.Add(subscription);

    /// <summary>Takes note that the emissions for a subscription are not needed any more.</summary>
    internal void Forget(OutSubscription subscription) => _behind.Remove(subscription);

    /// <summary>Queues all emissions, in their order.</summary>
    internal void CatchUp()
    {
        if (_behind.Count == 0)
        {
            return;
        }

        (_behind, _filling) = (_filling, _behind);
        if (_filling.Count == 1)
        {
            OutSubscription subscription = _filling[0];
            ExportState export = subscription.Export!;
            for (long position = subscription.Position; position < export.Log.End && subscription.Export == export; position++)
            {
                export.Queue(subscription, position);
            }

            export.Log.OnCurrent(subscription);
        }
        else
        {
            QueueSorted();
        }

        _filling.Clear();
    }

    /// <summary>Queues the emissions of several exports, or for several subscriptions.</summary>
    private void QueueSorted()
    {
        List<LoggedEmission> logged = _logged ??= [];
        foreach (OutSubscription subscription in _filling)
        {
            EmissionLog log = subscription.Export!.Log;
            for (long position = subscription.Position; position < log.End; position++)
            {
                logged.Add(new LoggedEmission(log[position].Order, subscription, position));
            }
        }

        logged.Sort();
        foreach (LoggedEmission next in logged)
        {
            // A subscription ends in between if it is too slow.
            next.Subscription.Export?.Queue(next.Subscription, next.Position);
        }

        logged.Clear();
        foreach (OutSubscription subscription in _filling)
        {
            subscription.Export?.Log.OnCurrent(subscription);
        }
    }
}
