using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Signals.Benchmarks.Remote;

/// <summary>A server stream of gRPC: Kestrel with HTTP/2 on a UNIX socket.</summary>
internal sealed class GrpcEmitter : IEmitter
{
    private const int FlowControlWindow = 4 * 1024 * 1024;

    /// <summary>The number of values after which they are flushed, even if others follow at once.</summary>
    private const int FlushInterval = 64;

    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    private readonly TaskCompletionSource<IServerStreamWriter<BytesValue>> _values = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BytesValue _message = new();
    private readonly WebApplication _application;

    private GrpcEmitter(string path)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.Http2.InitialConnectionWindowSize = FlowControlWindow;
            options.Limits.Http2.InitialStreamWindowSize = FlowControlWindow;
            options.ListenUnixSocket(path, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        _application = builder.Build();
        _application.MapGrpcService<GrpcStreamService>();
    }

    internal static async Task<GrpcEmitter> StartAsync(string path)
    {
        var emitter = new GrpcEmitter(path);
        await emitter._application.StartAsync();
        return emitter;
    }

    public async ValueTask EmitAsync(StampedValue value, bool isLast)
    {
        byte[] bytes = new byte[StampedValue.Size];
        value.Write(bytes);
        _message.Value = UnsafeByteOperations.UnsafeWrap(bytes);
        IServerStreamWriter<BytesValue> values = await _values.Task;
        values.WriteOptions = isLast || value.Number % FlushInterval == FlushInterval - 1 ? null : Buffered;
        await values.WriteAsync(_message);
    }

    /// <summary>Takes the stream of the client, until the client leaves it.</summary>
    internal async Task WatchAsync(IServerStreamWriter<BytesValue> values, CancellationToken cancellationToken)
    {
        _values.SetResult(values);
        await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(static _ => { }, CancellationToken.None, default, TaskScheduler.Default);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
