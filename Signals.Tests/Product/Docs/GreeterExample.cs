namespace Signals.Tests.Product.Docs;

/// <summary>
/// The service of the guide to IPC, which the other examples leave out. A page that declares it itself hides this one, which is in a namespace. The
/// stubs are those of the Greeter sample.
/// </summary>
internal static class GreeterExample
{
    internal const string Code = """
        namespace Greeter;

        public class GreeterService : GreeterBase
        {
            public override ValueTask<GreeterReplyMsg> SayHello(GreeterRequestMsg request, CallContext context) =>
                new(new GreeterReplyMsg { Message = $"Hello {request.Name}" });

            public override async ValueTask<GreeterReplyMsg> WaveGoodbye(GreeterRequestMsg request, CallContext context)
            {
                await Task.Yield();
                return new GreeterReplyMsg { Message = $"Goodbye {request.Name}" };
            }

            public override async IAsyncEnumerable<GreeterReplyMsg> WatchGreetings(GreeterRequestMsg request, CallContext context)
            {
                for (int i = 1; i <= 3; i++)
                {
                    await Task.Yield();
                    yield return new GreeterReplyMsg { Message = $"Greeting {i} for {request.Name}" };
                }
            }
        }
        """;
}
