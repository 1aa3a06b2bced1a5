using System.Buffers;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>
/// An exchange as a third party would write it over a network that distributes messages. A test can have it lose emissions, and break the connection.
/// </summary>
internal sealed class BroadcastPair : RemotePair, ISignalExporter, ISignalImporter
{
    private const RemoteCapabilities All = RemoteCapabilities.Replay | RemoteCapabilities.Setting | RemoteCapabilities.Patterns;

    private readonly RemoteBroadcast _broadcast;
    private readonly int _batchBytes;

    /// <summary>Orders what is delivered, as a connection would.</summary>
    private readonly Lock _network = new();
    private readonly HashSet<string> _interests = [];
    private Link? _link;
    private long _lastId;

    internal BroadcastPair(RemoteOutletOptions? options = null, int batchBytes = 200)
    {
        _batchBytes = batchBytes;
        Exports = new RemoteExports(All, ExportEvaluator, Time);
        Imports = new RemoteImports(All, Evaluator);
        _broadcast = Exports.Broadcast(options ?? new RemoteOutletOptions(), Deliver);
        Reconnect();
    }

    public RemoteExports Exports { get; }

    public RemoteImports Imports { get; }

    internal override ISignalExporter Exporter => this;

    internal override ISignalImporter Importer => this;

    /// <summary>Gets or sets a value that indicates whether the network loses the emissions.</summary>
    internal bool LosesEmissions { get; set; }

    /// <summary>Gets the number of batches of emissions, those that were lost included.</summary>
    internal int PublishedCount { get; private set; }

    /// <summary>Gets the export and the number of the emissions that were published last.</summary>
    internal RemoteDelivery Last { get; private set; }

    /// <summary>Tells the inbox the number of the last emission, as an exporter does from time to time.</summary>
    internal void TellProgress() => Inbox.OnProgress(new Dictionary<ulong, ulong> { [Last.Epoch] = Last.Last });

    internal RemoteInbox Inbox => _link!.Inbox;

    internal override void Break()
    {
        _link!.Outlet.Dispose();
        Imports.Lose(_link);
        _link.Inbox.Close();
        _link = null;
    }

    internal override void Reconnect()
    {
        _link = new Link(this, new RemoteSubscriber(++_lastId));
        Imports.Connect(_link);
    }

    /// <summary>Has the inbox receive emissions as they come from the network.</summary>
    internal bool Publish(string name, ulong epoch, ulong before, ReadOnlySpan<byte> batch) => Inbox.ReceiveEmissions(name, name, epoch, before, batch);

    private protected override ValueTask EndAsync()
    {
        Imports.Dispose();
        _broadcast.Dispose();
        Exports.Dispose();
        return default;
    }

    private void Deliver()
    {
        lock (_network)
        {
            var batch = new ArrayBufferWriter<byte>();
            while (_broadcast.TryTake(batch, _batchBytes, out RemoteDelivery delivery))
            {
                if (delivery.Importer is { } importer)
                {
                    if (importer == _link?.Outlet && !_link.Inbox.Receive(batch.WrittenSpan))
                    {
                        throw new InvalidOperationException("The importer has refused a batch.");
                    }
                }
                else
                {
                    Last = delivery;
                    PublishedCount++;
                    if (!LosesEmissions)
                    {
                        Distribute(delivery, batch.WrittenSpan);
                    }
                }

                batch.ResetWrittenCount();
            }
        }
    }

    private void Distribute(in RemoteDelivery delivery, ReadOnlySpan<byte> batch)
    {
        string[] interests;
        lock (_interests)
        {
            interests = [.. _interests];
        }

        foreach (string interest in interests)
        {
            if (
                RemoteNames.Matches(interest, delivery.Name!)
                && _link?.Inbox.ReceiveEmissions(interest, delivery.Name!, delivery.Epoch, delivery.Before, batch) == false
            )
            {
                throw new InvalidOperationException("The importer has refused emissions.");
            }
        }
    }

    private sealed class Link : IRemoteLink
    {
        internal Link(BroadcastPair pair, RemoteSubscriber subscriber)
        {
            Outlet = pair._broadcast.Accept(subscriber);
            Inbox = new RemoteInbox(
                pair.Imports,
                this,
                (operation, message) => Outlet.Handle(operation, message.Span),
                (request, isWanted) =>
                {
                    lock (pair._interests)
                    {
                        _ = isWanted ? pair._interests.Add(request) : pair._interests.Remove(request);
                    }
                }
            );
        }

        internal RemoteOutlet Outlet { get; }

        internal RemoteInbox Inbox { get; }

        public void Send(RemoteOperation operation, ReadOnlyMemory<byte> message) => Inbox.Handle(operation, message);

        public Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
            Outlet.CallAsync(operation, message, cancellationToken);
    }
}
