using Signals.Ipc;

namespace Signals.Tests.Support;

/// <summary>A proxy as a user writes it.</summary>
public class GreeterProxy() : ServiceProxy(GreeterReflection.Descriptor.Services[0])
{
    internal static readonly RpcMethod<GreeterRequestMsg, GreeterReplyMsg> SayHello = new(GreeterReflection.Descriptor.Services[0], "SayHello");
    internal static readonly RpcMethod<GreeterRequestMsg, GreeterReplyMsg> Watch = new(GreeterReflection.Descriptor.Services[0], "WatchGreetings");

    internal CallInvoker Calls => Invoker;

    internal Task<GreeterReplyMsg> HelloAsync(CallOptions options, CancellationToken cancellationToken = default) =>
        Invoker.CallAsync(SayHello, new GreeterRequestMsg { Name = "Ada" }, options, cancellationToken);

    internal IAsyncEnumerable<GreeterReplyMsg> WatchAsync(CallOptions options, CancellationToken cancellationToken = default) =>
        Invoker.StreamAsync(Watch, new GreeterRequestMsg { Name = "Ada" }, options, cancellationToken);

    public virtual Task<GreeterReplyMsg> SayHelloAsync(string name, CancellationToken cancellationToken = default) =>
        CallAsync<GreeterReplyMsg>(new GreeterRequestMsg { Name = name }, cancellationToken);

    public virtual Task<GreeterReplyMsg> WaveGoodbye(string name) => CallAsync<GreeterReplyMsg>(new GreeterRequestMsg { Name = name });

    public virtual IAsyncEnumerable<GreeterReplyMsg> WatchGreetings(string name, CancellationToken cancellationToken = default) =>
        StreamAsync<GreeterReplyMsg>(new GreeterRequestMsg { Name = name }, cancellationToken);

    public virtual ValueTask Tell(string name, CancellationToken cancellationToken = default) =>
        SendAsync(new GreeterRequestMsg { Name = name }, cancellationToken, nameof(SayHelloAsync));

    public Task CallWithNull() => CallAsync<GreeterReplyMsg>(null!, method: "SayHello");

    public ValueTask TellNull() => SendAsync(null!, method: "SayHello");

    public IAsyncEnumerable<GreeterReplyMsg> WatchNull() => StreamAsync<GreeterReplyMsg>(null!, method: "WatchGreetings");

    public IAsyncEnumerable<GreeterReplyMsg> CallCallAsStream() => StreamAsync<GreeterReplyMsg>(new GreeterRequestMsg(), method: "SayHello");

    public Task CallWithWrongReply() => CallAsync<GreeterRequestMsg>(new GreeterRequestMsg(), method: "SayHello");

    public Task CallWithWrongRequest() => CallAsync<GreeterReplyMsg>(new GreeterReplyMsg(), method: "SayHello");

    public Task CallUnknown() => CallAsync<GreeterReplyMsg>(new GreeterRequestMsg(), method: "Shout");

    public Task CallStreamAsCall() => CallAsync<GreeterReplyMsg>(new GreeterRequestMsg(), method: "WatchGreetings");
}
