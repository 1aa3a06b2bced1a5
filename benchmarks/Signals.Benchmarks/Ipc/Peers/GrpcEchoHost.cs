using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A host of gRPC: Kestrel with HTTP/2 on a UNIX socket, with limits that do not slow the measured calls down.</summary>
internal static class GrpcEchoHost
{
    private const int Streams = 10_000;
    private const int FlowControlWindow = 4 * 1024 * 1024;

    internal static async Task<IAsyncDisposable> StartAsync(string path)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.Http2.MaxStreamsPerConnection = Streams;
            options.Limits.Http2.InitialConnectionWindowSize = FlowControlWindow;
            options.Limits.Http2.InitialStreamWindowSize = FlowControlWindow;
            options.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2);
        });
        WebApplication application = builder.Build();
        application.MapGrpcService<GrpcEchoService>();
        await application.StartAsync();
        return application;
    }
}
