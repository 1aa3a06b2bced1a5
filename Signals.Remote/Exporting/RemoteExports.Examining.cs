using Google.Protobuf.Collections;

namespace Signals.Remote;

/// <content>Decides on subscriptions.</content>
public sealed partial class RemoteExports
{
    /// <summary>Refuses a subscription. Called while the lock is held.</summary>
    internal static void Refuse(OutSubscription subscription, OutState state, string reason, ReadyStreams? ready)
    {
        subscription.State = state;
        subscription.Export = null;
        subscription.Stream.Push(subscription, OutKind.Refused, reason);
        ready?.Add(subscription.Stream);
    }

    /// <summary>Determines whether a subscriber may use an export. Runs user code.</summary>
    internal static bool IsAllowed(ExportState export, RemoteSubscriber subscriber)
    {
        try
        {
            return export.Options.Authorize?.Invoke(subscriber) ?? true;
        }
        catch (Exception exception)
        {
            export.Handle.OnFailed(exception);
            return false;
        }
    }

    /// <summary>Examines the subscriptions of a name that something is exported under.</summary>
    private void Examine(string name)
    {
        OutSubscription[] waiting;
        lock (Lock)
        {
            AssertInvariants();
            waiting = _subscriptions.TryGetValue(name, out List<OutSubscription>? named)
                ? [.. named.Where(static one => one.State is OutState.Waiting or OutState.Refused or OutState.NoPlace)]
                : [];
        }

        foreach (OutSubscription subscription in waiting)
        {
            Examine(subscription);
        }
    }

    private void Examine(OutSubscription subscription)
    {
        int examination;
        bool isAbsent;
        ExportState? export;
        ReadyStreams ready = ReadyStreams.Rent();
        lock (Lock)
        {
            AssertInvariants();
            examination = ++subscription.Examination;
            export = subscription.State is OutState.Waiting or OutState.Refused or OutState.NoPlace
                ? _exports.GetValueOrDefault(subscription.Request.Name)
                : null;
            isAbsent = export is null && subscription.State is OutState.Waiting or OutState.Refused && !_exports.ContainsKey(subscription.Request.Name);
            if (export is not null && ReasonAgainst(subscription, export) is { } reason)
            {
                Refuse(subscription, OutState.Refused, reason, ready);
                export = null;
            }
        }

        ready.Announce();
        if (isAbsent)
        {
            _relay?.Want(subscription.Request.Name, subscription.Request.Type);
        }

        if (export is null)
        {
            return;
        }

        if (export.Options.Authorize is null)
        {
            Admit(subscription, export, examination, isAllowed: true);
        }
        else
        {
            // User code, which may block, but not the connection of the importer.
            ThreadPool.UnsafeQueueUserWorkItem(
                static work => work.Exports.Admit(work.Subscription, work.Export, work.Examination, IsAllowed(work.Export, work.Subscription.Subscriber)),
                (Exports: this, Subscription: subscription, Export: export, Examination: examination),
                preferLocal: false
            );
        }
    }

    private void Admit(OutSubscription subscription, ExportState export, int examination, bool isAllowed)
    {
        ReadyStreams ready = ReadyStreams.Rent();
        bool isCurrent;
        lock (Lock)
        {
            AssertInvariants();
            isCurrent = subscription.Examination == examination && !export.IsWithdrawn;
            if (isCurrent && !isAllowed)
            {
                Refuse(subscription, OutState.Refused, "not allowed", ready);
            }
            else if (isCurrent)
            {
                export.Admit(subscription, ready);
            }
        }

        ready.Announce();
        if (isCurrent)
        {
            export.UpdateSource();
        }
        else
        {
            ExamineAgain(subscription);
        }
    }

    /// <summary>Examines a subscription again if the export has been replaced by another one during the examination.</summary>
    private void ExamineAgain(OutSubscription subscription)
    {
        bool isDue;
        lock (Lock)
        {
            AssertInvariants();
            isDue = subscription.State == OutState.Waiting && _exports.ContainsKey(subscription.Request.Name);
        }

        if (isDue)
        {
            Examine(subscription);
        }
    }

    private static string? ReasonAgainst(OutSubscription subscription, ExportState export)
    {
        Wire.SubscribeRequest request = subscription.Request;
        return export.TypeName != request.Type ? $"the type is {export.TypeName}, not {request.Type}"
            : request.IsProperty && !export.IsProperty ? "it is a signal, not a property"
            : FindCircle([.. export.UpstreamPath()], request.Path);
    }

    /// <summary>Returns a description of the circle that a subscription would close, or null.</summary>
    /// <param name="upstream">Where the values come from, the export itself first.</param>
    /// <param name="downstream">Where they travel on.</param>
    private static string? FindCircle(List<string> upstream, RepeatedField<string> downstream)
    {
        for (int up = 0; up < upstream.Count; up++)
        {
            int down = downstream.IndexOf(upstream[up]);
            if (down >= 0)
            {
                IEnumerable<string> nodes = [.. upstream.Take(up + 1).Reverse(), .. downstream.Take(down + 1)];
                return RemoteNames.DescribeCircle(nodes);
            }
        }

        return null;
    }
}
