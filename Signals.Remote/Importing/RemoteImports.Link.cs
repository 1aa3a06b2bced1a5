using Google.Protobuf;
using Signals.Remote.Wire;

namespace Signals.Remote;

/// <content>The connections to exporters.</content>
public sealed partial class RemoteImports
{
    private readonly Dictionary<IRemoteLink, InLink> _links = new(ReferenceEqualityComparer.Instance);

    /// <summary>The reason why the exporter refuses everything, or null.</summary>
    private string? _refusal;

    /// <summary>Reports that there is a connection to an exporter: the imports that are wanted are subscribed.</summary>
    /// <param name="link">The connection.</param>
    /// <exception cref="ArgumentNullException"><paramref name="link"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is a connection already, and the exchange does not have <see cref="RemoteCapabilities.ManyExporters"/>; or this one was reported before.
    /// </exception>
    public void Connect(IRemoteLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        List<RemoteImport> changed = [];
        lock (Lock)
        {
            AssertInvariants();
            if (_links.ContainsKey(link) || (_links.Count > 0 && !Capabilities.HasFlag(RemoteCapabilities.ManyExporters)))
            {
                throw new InvalidOperationException("There is a connection already: report its loss first.");
            }

            var known = new InLink(link);
            _links.Add(link, known);
            _refusal = null;
            foreach (InSubscription subscription in _byId.Values.OrderBy(static subscription => subscription.Id))
            {
                Change(subscription, lost: null, changed, one => SendSubscribe(one, known));
            }
        }

        FlushAll();
        Tell(changed);
    }

    /// <summary>
    /// Reports that a connection is lost: imports that were live over it become <see cref="RemoteState.Stale"/>. Does nothing if it is not a current one.
    /// </summary>
    /// <param name="link">The connection.</param>
    /// <exception cref="ArgumentNullException"><paramref name="link"/> is null.</exception>
    public void Lose(IRemoteLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        List<RemoteImport> changed = [];
        lock (Lock)
        {
            AssertInvariants();
            if (!_links.Remove(link, out InLink? lost))
            {
                return;
            }

            lost.IsLost = true;
            lost.Messages.Clear();
            foreach (InSubscription subscription in _byId.Values)
            {
                Change(subscription, lost, changed, one => one.OnLost(lost));
            }
        }

        Tell(changed);
    }

    /// <summary>Reports that the peer is not an exporter: the imports are <see cref="RemoteState.Refused"/> until <see cref="Connect"/> is called.</summary>
    /// <param name="reason">The reason.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reason"/> is null.</exception>
    public void Refuse(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        List<RemoteImport> changed = [];
        lock (Lock)
        {
            AssertInvariants();
            if (_links.Count > 0)
            {
                return;
            }

            _refusal = reason;
            foreach (InSubscription subscription in _byId.Values)
            {
                Change(subscription, lost: null, changed, one => one.OnNoExporter(reason));
            }
        }

        Tell(changed);
    }

    /// <summary>
    /// Reports that the exchange does not pass a subscription on to an exporter. The imports are <see cref="RemoteState.Refused"/> unless there is another
    /// exporter, until the subscription or the connection is made anew.
    /// </summary>
    /// <param name="link">The connection.</param>
    /// <param name="subscription">The number of the subscription.</param>
    /// <param name="reason">The reason.</param>
    /// <exception cref="ArgumentNullException"><paramref name="link"/> or <paramref name="reason"/> is null.</exception>
    public void Refuse(IRemoteLink link, uint subscription, string reason)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(reason);
        List<RemoteImport> changed = [];
        lock (Lock)
        {
            AssertInvariants();
            if (_links.TryGetValue(link, out InLink? known) && _byId.TryGetValue(subscription, out InSubscription? refused))
            {
                Change(refused, lost: null, changed, one => one.OnRefused(known, name: null, reason, isOwn: true));
            }
        }

        Tell(changed);
    }

    /// <summary>Sends a message to the exporter of a property and returns the reply.</summary>
    internal Task<ReadOnlyMemory<byte>> CallAsync(
        RemoteImport import,
        RemoteOperation operation,
        ReadOnlyMemory<byte> message,
        CancellationToken cancellationToken
    )
    {
        InLink? link;
        lock (Lock)
        {
            AssertInvariants();
            link = import.Subscription?.FindOwner();
        }

        return link is null
            ? Task.FromException<ReadOnlyMemory<byte>>(new RemoteRefusedException("The connection to the exporter is lost."))
            : link.Link.CallAsync(operation, message, cancellationToken);
    }

    /// <summary>Reports the number of items of a flow that an evaluator has handled.</summary>
    internal void SendCredit(InFlow flow)
    {
        lock (Lock)
        {
            AssertInvariants();
            if (flow.Link.IsLost)
            {
                return;
            }

            byte[] message = new byte[2 * (1 + Varint.MaxSize)];
            int size = 0;
            message[size++] = 1 << 3;
            size += Varint.Write(message.AsSpan(size), flow.Stream.Id);
            message[size++] = 2 << 3;
            size += Varint.Write(message.AsSpan(size), flow.Taken);
            flow.Link.Messages.Enqueue((RemoteOperation.Credit, null, message.AsMemory(0, size)));
        }

        Flush(flow.Link);
    }

    /// <summary>Changes a subscription, and queues its state for its evaluator. Called while the lock is held.</summary>
    private static void Change(InSubscription subscription, InLink? lost, List<RemoteImport> changed, Action<InSubscription> change)
    {
        change(subscription);
        subscription.Key.Stream.AddState(subscription, lost);
        changed.AddRange(subscription.Imports);
    }

    /// <summary>Tells imports of changes of their subscriptions. Called while no lock is held.</summary>
    private static void Tell(List<RemoteImport> changed)
    {
        foreach (RemoteImport import in changed)
        {
            import.OnStateChanged();
        }

        foreach (InStream stream in changed.Select(static import => import.Subscription?.Key.Stream).OfType<InStream>().Distinct())
        {
            stream.Schedule();
        }
    }

    /// <summary>Queues the messages that subscribe, or refuses what the exporter would not accept. Called while the lock is held.</summary>
    private static void SendSubscribe(InSubscription subscription, InLink link)
    {
        InStream stream = subscription.Key.Stream;
        subscription.OnAsked(link);
        if (!link.Flows.ContainsKey(stream.Id))
        {
            if (link.Flows.Count == RemoteOutlet.MaxStreams)
            {
                subscription.OnRefused(link, name: null, $"more than {RemoteOutlet.MaxStreams} evaluators import over this connection");
                return;
            }

            link.Flows.Add(stream.Id, new InFlow(link, stream));
            link.Messages.Enqueue((RemoteOperation.Watch, null, new WatchRequest { Stream = stream.Id }.ToByteArray()));
        }

        link.Messages.Enqueue((RemoteOperation.Subscribe, subscription, default));
    }

    private static void SendUnsubscribe(InSubscription subscription, InLink link) =>
        link.Messages.Enqueue((RemoteOperation.Unsubscribe, null, new UnsubscribeRequest { Subscriptions = { subscription.Id } }.ToByteArray()));

    private static void SendUnwatch(InStream stream, InLink link)
    {
        if (link.Flows.Remove(stream.Id))
        {
            link.Messages.Enqueue((RemoteOperation.Unwatch, null, new WatchRequest { Stream = stream.Id }.ToByteArray()));
        }
    }

    /// <summary>Sends the queued messages of all connections. Called while the lock is not held.</summary>
    private void FlushAll()
    {
        InLink[] links;
        lock (Lock)
        {
            AssertInvariants();
            links = [.. _links.Values];
        }

        foreach (InLink link in links)
        {
            Flush(link);
        }
    }

    /// <summary>Sends the queued messages of a connection, unless another thread does. Called while the lock is not held.</summary>
    private void Flush(InLink link)
    {
        while (TryTakeMessage(link, out RemoteOperation operation, out InSubscription? subscription, out ReadOnlyMemory<byte> message))
        {
            try
            {
                // The path of a subscription is found outside the lock, since it takes those of exporters.
                link.Link.Send(operation, subscription?.CreateRequest() ?? message);
            }
            finally
            {
                lock (Lock)
                {
                    AssertInvariants();
                    link.IsSending = false;
                }
            }
        }
    }

    private bool TryTakeMessage(InLink link, out RemoteOperation operation, out InSubscription? subscription, out ReadOnlyMemory<byte> message)
    {
        lock (Lock)
        {
            AssertInvariants();
            (operation, subscription, message) = default((RemoteOperation, InSubscription?, ReadOnlyMemory<byte>));
            if (
                link.IsSending
                || link.IsLost
                || !link.Messages.TryDequeue(out (RemoteOperation Operation, InSubscription? Subscription, ReadOnlyMemory<byte> Message) next)
            )
            {
                return false;
            }

            (operation, subscription, message) = next;
            link.IsSending = true;
            return true;
        }
    }
}
