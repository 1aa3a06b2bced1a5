namespace Signals.Tests.Product.Docs;

/// <summary>
/// The service and the proxy of the guide to IPC, which the other examples leave out. A page that declares them itself hides these, which
/// are in a namespace.
/// </summary>
internal static class GreeterExample
{
    internal const string Code = """
        namespace Greeter;

        public class GreeterService : Service
        {
            public GreeterService()
                : base(GreeterReflection.Descriptor.Services[0])
            {
                Unary<GreeterRequestMsg, GreeterReplyMsg>(SayHello);
                Unary<GreeterRequestMsg, GreeterReplyMsg>(WaveGoodbye);
                Stream<GreeterRequestMsg, GreeterReplyMsg>(WatchGreetings);
            }

            private GreeterReplyMsg SayHello(GreeterRequestMsg request, CallContext context) =>
                new() { Message = $"Hello {request.Name}" };

            private async Task<GreeterReplyMsg> WaveGoodbye(GreeterRequestMsg request, CallContext context)
            {
                await Task.Yield();
                return new GreeterReplyMsg { Message = $"Goodbye {request.Name}" };
            }

            private async IAsyncEnumerable<GreeterReplyMsg> WatchGreetings(GreeterRequestMsg request, CallContext context)
            {
                for (int i = 1; i <= 3; i++)
                {
                    await Task.Yield();
                    yield return new GreeterReplyMsg { Message = $"Greeting {i} for {request.Name}" };
                }
            }
        }

        public class GreeterProxy() : ServiceProxy(GreeterReflection.Descriptor.Services[0])
        {
            public virtual Task<GreeterReplyMsg> SayHelloAsync(GreeterRequestMsg request, CancellationToken cancellationToken = default) =>
                CallAsync<GreeterReplyMsg>(request, cancellationToken);

            public virtual Task<GreeterReplyMsg> WaveGoodbyeAsync(GreeterRequestMsg request, CancellationToken cancellationToken = default) =>
                CallAsync<GreeterReplyMsg>(request, cancellationToken);

            public virtual IAsyncEnumerable<GreeterReplyMsg> WatchGreetingsAsync(
                GreeterRequestMsg request,
                CancellationToken cancellationToken = default
            ) => StreamAsync<GreeterReplyMsg>(request, cancellationToken);

            public virtual ValueTask TellGoodbyeAsync(GreeterRequestMsg request) => SendAsync(request, method: "WaveGoodbye");
        }
        """;
}
