using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>The export of a relayed name.</summary>
internal sealed class RelayedExport(string name, RemoteImport import) : RemoteExport(name), IRemoteSetter
{
    internal override IRemoteSetter? Setter => State!.IsProperty ? this : null;

    /// <inheritdoc/>
    public async Task<SetReply> SetAsync(RemoteSubscriber subscriber, SetRequest request)
    {
        try
        {
            ReadOnlyMemory<byte> reply = await import
                .CallAsync(RemoteOperation.RequestSet, Google.Protobuf.MessageExtensions.ToByteArray(request), CancellationToken.None)
                .ConfigureAwait(false);
            return SetReply.Parser.ParseFrom(reply.Span);
        }
        catch (Exception exception)
        {
            return new SetReply { Refused = exception.Message };
        }
    }
}
