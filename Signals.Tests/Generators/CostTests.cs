using System.Reflection;
using NUnit.Framework;
using Signals.Tests.Generators.Support;

namespace Signals.Tests.Generators;

[NonParallelizable]
public sealed class CostTests
{
    private const string Program = """
        using Greeter;
        using Signals.Ipc;

        public sealed class GreeterService : GreeterBase
        {
            public override ValueTask<Reply> SayHello(Request request, CallContext context) => new(new Reply());
            public override ValueTask<Reply> WaveGoodbye(Request request, CallContext context) => new(new Reply());
            public override IAsyncEnumerable<Reply> WatchGreetings(Request request, CallContext context) => throw new NotSupportedException();
        }

        public sealed class ExtendedProxy : GreeterProxy
        {
            public Task<Reply> HandWrittenAsync(Request request, CancellationToken cancellationToken = default) => CallAsync<Reply>(request, cancellationToken, "SayHello");
        }

        public static class Costs
        {
            private const int Calls = 400;

            /// <summary>Returns the bytes that a call in each of the two ways allocates, on both sides.</summary>
            public static async Task<(double Generated, double HandWritten)> MeasureAsync(IpcEndpoint endpoint)
            {
                await using var host = new IpcHost();
                host.Expose(new GreeterService());
                host.Start(endpoint);
                await using var client = new IpcClient(endpoint);
                using var proxy = new ExtendedProxy();
                await client.ConnectAsync();
                await client.BindAsync(proxy);
                var request = new Request();
                (double, double) least = (double.MaxValue, double.MaxValue);
                for (int round = 0; round < 8; round++)
                {
                    long start = GC.GetTotalAllocatedBytes(precise: true);
                    for (int i = 0; i < Calls; i++)
                    {
                        await proxy.SayHelloAsync(request);
                    }

                    long middle = GC.GetTotalAllocatedBytes(precise: true);
                    for (int i = 0; i < Calls; i++)
                    {
                        await proxy.HandWrittenAsync(request);
                    }

                    long end = GC.GetTotalAllocatedBytes(precise: true);
                    least = (Math.Min(least.Item1, (double)(middle - start) / Calls), Math.Min(least.Item2, (double)(end - middle) / Calls));
                }

                return least;
            }
        }
        """;

    [Test]
    public async Task T5_call_with_a_generated_proxy_allocates_what_the_hand_written_line_allocates()
    {
        Assembly program = StubProject.Load(StubProject.Create(Protos.Greeter).WithCode(Program).Run().Output);
        MethodInfo measure = program.GetType("Costs")!.GetMethod("MeasureAsync")!;
        using var path = new SocketPath();
        (double generated, double handWritten) = await ((Task<(double, double)>)measure.Invoke(null, [path.Endpoint])!).Within("the calls");
        TestContext.Out.WriteLine($"generated {generated:F1} bytes, hand-written {handWritten:F1} bytes");
        Assert.That(generated, Is.LessThanOrEqualTo(handWritten + 4));
    }
}
