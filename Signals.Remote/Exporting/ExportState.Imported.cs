using Signals.Remote.Wire;

namespace Signals.Remote;

/// <content>What an export of an import does besides: it tells its subscriptions of the gaps, and of the exports through which the values come.</content>
internal abstract partial class ExportState
{
    /// <summary>The largest gap that is counted. A larger number comes from a hostile exporter.</summary>
    private const long MaxGap = 1L << 40;

    /// <summary>The path that subscriptions were told last, or null.</summary>
    private List<string>? _toldPath;

    /// <summary>Gets the exports through which the values have come.</summary>
    internal IEnumerable<string> UpstreamPath() => [Node, .. SourceImport?.GrantedPath ?? []];

    /// <summary>Adds the exports through which the values travel on.</summary>
    internal void AddDownstreamPath(List<string> path)
    {
        path.Add(Node);
        foreach (OutSubscription subscription in _granted)
        {
            path.AddRange(subscription.Request.Path);
        }

        foreach (OutSubscription subscription in _pending)
        {
            path.AddRange(subscription.Request.Path);
        }
    }

    /// <summary>Tells the subscriptions of the exports through which the values come, if these have changed. Takes the lock.</summary>
    internal void UpdatePath()
    {
        ReadyStreams ready = ReadyStreams.Rent();
        lock (Owner.Lock)
        {
            AssertInvariants();
            List<string> path = ReadPath();
            if (_toldPath is { } told && !told.SequenceEqual(path))
            {
                _toldPath = path;
                foreach (OutSubscription subscription in _granted)
                {
                    Push(subscription, path);
                    ready.Add(subscription.Stream);
                }
            }
        }

        ready.Announce();
    }

    /// <summary>Takes note that emissions of the exported import never arrived here. Takes the lock.</summary>
    private protected void OnSourceMissed(Missed missed)
    {
        if (missed is { Count: 1, Cause: MissedCause.TooLarge or MissedCause.Undecodable })
        {
            Emit(payload: null, missed.Cause == MissedCause.TooLarge ? OutKind.TooLarge : OutKind.Undecodable);
            return;
        }

        ReadyStreams ready = ReadyStreams.Rent();
        lock (Owner.Lock)
        {
            AssertInvariants();
            ForgetKept();
            if (missed.Count is { } count and <= MaxGap)
            {
                // The next emission has the number that tells it.
                _emissions.Add(count);
            }
            else
            {
                _epoch = CreateEpoch();
                long number = _granted.Count > 0 ? _emissions.Activate() : 0;
                foreach (OutSubscription subscription in _granted)
                {
                    Restart(subscription);
                    if (!subscription.IsDirect)
                    {
                        subscription.LastNumber = number;
                    }

                    ready.Add(subscription.Stream);
                }

                RestartCarriers(number);
            }
        }

        ready.Announce();
    }

    private static void Push(OutSubscription subscription, List<string> path)
    {
        if (subscription.Path is { } unsent)
        {
            unsent.Nodes.Clear();
            unsent.Nodes.AddRange(path);
            return;
        }

        subscription.Path = new SourcePath { Nodes = { path } };
        subscription.Stream.Push(subscription, OutKind.Path, subscription.Path);
    }

    /// <summary>Grants a subscription anew, with another epoch: an unknown number of emissions is missing.</summary>
    private void Restart(OutSubscription subscription)
    {
        if (subscription.IsRestarting)
        {
            // It has not been sent yet.
            subscription.Grant!.Epoch = _epoch;
            return;
        }

        Grant grant = subscription.Grant!.Clone();
        grant.Epoch = _epoch;
        grant.Path.Clear();
        grant.Path.AddRange(ReadPath());
        subscription.Grant = grant;
        subscription.IsRestarting = true;
        subscription.Stream.Push(subscription, OutKind.Granted, grant);
    }

    private List<string> ReadPath() => RemoteNames.LimitPath(UpstreamPath());
}
