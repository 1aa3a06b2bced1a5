using Signals.Tool.Hosts;

namespace Signals.Tool.Commands;

/// <summary>The command "watch" of a method: its replies, until the stream ends.</summary>
internal static class WatchCommand
{
    internal static async Task<int> RunAsync(ToolRequest request, MethodPath path, string json, CancellationToken cancellationToken)
    {
        ServiceCatalog? file = await request.ReadFileAsync(cancellationToken).ConfigureAwait(false);
        await using HostSession host = await request.ConnectAsync(cancellationToken).ConfigureAwait(false);
        using CallTarget target = await CallTarget.PrepareAsync(host, request, file, path, json, isStream: true, cancellationToken).ConfigureAwait(false);
        await foreach (RawMessage reply in target.Proxy.StreamAsync(target.Message, request.CallOptions, cancellationToken).ConfigureAwait(false))
        {
            target.WriteReply(reply.Bytes);
        }

        return ToolExit.Success;
    }
}
