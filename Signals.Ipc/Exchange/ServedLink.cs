using Signals.Remote;
using Signals.Remote.Wire;

namespace Signals.Ipc.Exchange;

/// <summary>A client that exports, as a connection of some imports of its host.</summary>
/// <param name="client">The client.</param>
/// <param name="imports">The imports.</param>
internal sealed class ServedLink(ClientImports client, RemoteImports imports) : IRemoteLink
{
    /// <inheritdoc/>
    public void Send(RemoteOperation operation, ReadOnlyMemory<byte> message)
    {
        if (operation == RemoteOperation.Subscribe && SubscribeRequest.Parser.ParseFrom(message.Span) is { } request && !client.IsAllowed(request.Name))
        {
            imports.Refuse(this, request.Subscription, "not allowed");
        }
        else
        {
            client.Send(operation, message);
        }
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        client.CallAsync(operation, message, cancellationToken);

    /// <summary>Begins to import.</summary>
    internal void Begin()
    {
        imports.Connect(this);

        // It may have been closed meanwhile, in which case the imports did not know it yet.
        if (client.IsClosed)
        {
            imports.Lose(this);
        }
    }

    /// <summary>Ends importing.</summary>
    internal void End() => imports.Lose(this);

    /// <summary>Takes a batch of the client. Returns false if it is malformed.</summary>
    internal bool Receive(DeliverRequest request) => imports.Receive(this, request.Stream, request.Batch.Span);
}
