using Google.Protobuf;
using Signals.Remote.Wire;

namespace Signals.Remote;

/// <content>The connection to the exporter.</content>
public sealed partial class RemoteImports
{
    /// <summary>The messages that are to be sent, in order.</summary>
    private readonly Queue<(RemoteOperation Operation, InSubscription? Subscription, ReadOnlyMemory<byte> Message)> _messages = new();

    private IRemoteLink? _link;

    /// <summary>Number that identifies the link.</summary>
    private int _linkNumber;

    /// <summary>The reason why the exporter refuses everything, or null.</summary>
    private string? _refusal;

    /// <summary>Indicates whether a thread is sending messages.</summary>
    private bool _isSending;

    /// <summary>Reports that there is a connection to the exporter: the imports that are wanted are subscribed.</summary>
    /// <param name="link">The connection.</param>
    /// <exception cref="ArgumentNullException"><paramref name="link"/> is null.</exception>
    /// <exception cref="InvalidOperationException">There is a connection already.</exception>
    public void Connect(IRemoteLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        lock (Lock)
        {
            AssertInvariants();
            if (_link is not null)
            {
                throw new InvalidOperationException("There is a connection already: report its loss first.");
            }

            _link = link;
            _linkNumber++;
            _refusal = null;
            foreach (InSubscription subscription in _byId.Values.OrderBy(static subscription => subscription.Id))
            {
                SendSubscribe(subscription);
            }
        }

        Flush();
    }

    /// <summary>Reports that a connection is lost: imports that were live become <see cref="RemoteState.Stale"/>. Does nothing if it is not the current
    /// one.</summary>
    /// <param name="link">The connection.</param>
    public void Lose(IRemoteLink link)
    {
        lock (Lock)
        {
            if (link != _link)
            {
                return;
            }

            _link = null;
            _messages.Clear();
            foreach (InStream stream in _streams.Values)
            {
                stream.IsWatched = false;
            }
        }

        SetStates(static state => state is RemoteState.Live or RemoteState.Stale ? RemoteState.Stale : RemoteState.Waiting, reason: null);
    }

    /// <summary>Reports that the peer is not an exporter: the imports are <see cref="RemoteState.Refused"/> until <see cref="Connect"/> is called.</summary>
    /// <param name="reason">The reason.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reason"/> is null.</exception>
    public void Refuse(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        lock (Lock)
        {
            if (_link is not null)
            {
                return;
            }

            _refusal = reason;
        }

        SetStates(static _ => RemoteState.Refused, reason);
    }

    /// <summary>Sends a message and returns the reply.</summary>
    internal Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        IRemoteLink? link = Volatile.Read(ref _link);
        return link is null
            ? Task.FromException<ReadOnlyMemory<byte>>(new RemoteRefusedException("The connection to the exporter is lost."))
            : link.CallAsync(operation, message, cancellationToken);
    }

    /// <summary>Reports the number of items that an evaluator has handled.</summary>
    internal void SendCredit(InStream stream, int link, ulong taken)
    {
        lock (Lock)
        {
            if (_link is null || link != _linkNumber || !stream.IsWatched)
            {
                return;
            }

            byte[] message = new byte[2 * (1 + Varint.MaxSize)];
            int size = 0;
            message[size++] = 1 << 3;
            size += Varint.Write(message.AsSpan(size), stream.Id);
            message[size++] = 2 << 3;
            size += Varint.Write(message.AsSpan(size), taken);
            _messages.Enqueue((RemoteOperation.Credit, null, message.AsMemory(0, size)));
        }

        Flush();
    }

    /// <summary>Queues the messages that subscribe. Called while the lock is held.</summary>
    private void SendSubscribe(InSubscription subscription)
    {
        InStream stream = subscription.Key.Stream;
        if (!stream.IsWatched)
        {
            stream.IsWatched = true;
            _messages.Enqueue((RemoteOperation.Watch, null, new WatchRequest { Stream = stream.Id }.ToByteArray()));
        }

        _messages.Enqueue((RemoteOperation.Subscribe, subscription, default));
    }

    private void SendUnsubscribe(InSubscription subscription)
    {
        if (_link is not null)
        {
            _messages.Enqueue((RemoteOperation.Unsubscribe, null, new UnsubscribeRequest { Subscriptions = { subscription.Id } }.ToByteArray()));
        }
    }

    private void SendUnwatch(InStream stream)
    {
        if (_link is not null && stream.IsWatched)
        {
            _messages.Enqueue((RemoteOperation.Unwatch, null, new WatchRequest { Stream = stream.Id }.ToByteArray()));
        }
    }

    /// <summary>Sends the queued messages, unless another thread does. Called while the lock is not held.</summary>
    private void Flush()
    {
        while (TryTakeMessage(out IRemoteLink? link, out RemoteOperation operation, out InSubscription? subscription, out ReadOnlyMemory<byte> message))
        {
            try
            {
                // The path of a subscription is found outside the lock, since it takes those of exporters.
                link.Send(operation, subscription?.CreateRequest() ?? message);
            }
            finally
            {
                lock (Lock)
                {
                    _isSending = false;
                }
            }
        }
    }

    private bool TryTakeMessage(
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IRemoteLink? link,
        out RemoteOperation operation,
        out InSubscription? subscription,
        out ReadOnlyMemory<byte> message
    )
    {
        lock (Lock)
        {
            AssertInvariants();
            link = _link;
            (operation, subscription, message) = default((RemoteOperation, InSubscription?, ReadOnlyMemory<byte>));
            if (
                _isSending
                || link is null
                || !_messages.TryDequeue(out (RemoteOperation Operation, InSubscription? Subscription, ReadOnlyMemory<byte> Message) next)
            )
            {
                return false;
            }

            (operation, subscription, message) = next;
            _isSending = true;
            return true;
        }
    }

    /// <summary>Changes the states of all subscriptions, and tells their imports.</summary>
    private void SetStates(Func<RemoteState, RemoteState> change, string? reason)
    {
        List<RemoteImport> imports = [];
        List<InStream> streams;
        lock (Lock)
        {
            AssertInvariants();
            foreach (InSubscription subscription in _byId.Values)
            {
                subscription.State = change(subscription.State);
                subscription.Reason = reason;
                foreach (RemoteImport import in subscription.Imports)
                {
                    subscription.Key.Stream.AddState(import, subscription.State);
                    imports.Add(import);
                }
            }

            streams = [.. _streams.Values];
        }

        OnChanged(imports);
        streams.ForEach(static stream => stream.Schedule());
    }
}
