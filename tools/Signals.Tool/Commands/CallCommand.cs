using Signals.Tool.Hosts;

namespace Signals.Tool.Commands;

/// <summary>The command "call": one call with one reply.</summary>
internal static class CallCommand
{
    internal static async Task<int> RunAsync(ToolRequest request, MethodPath path, string json, CancellationToken cancellationToken)
    {
        ServiceCatalog? file = await request.ReadFileAsync(cancellationToken).ConfigureAwait(false);
        await using HostSession host = await request.ConnectAsync(cancellationToken).ConfigureAwait(false);
        using CallTarget target = await CallTarget.PrepareAsync(host, request, file, path, json, isStream: false, cancellationToken).ConfigureAwait(false);
        target.WriteReply(await target.Proxy.CallAsync(target.Message, request.CallOptions, cancellationToken).ConfigureAwait(false));
        return ToolExit.Success;
    }
}
