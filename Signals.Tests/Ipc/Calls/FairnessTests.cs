using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Tests of the shares of clients that are active at the same time, by counts.</summary>
public sealed class FairnessTests
{
    [Test]
    public async Task H7_each_of_8_clients_gets_its_share_of_the_calls_while_all_run([Values(1, 4)] int window)
    {
        const int Clients = 8;
        const int Calls = 100_000;
        await using var host = new TestHost();
        var clients = new IpcClient[Clients];
        var proxies = new GreeterProxy[Clients];
        try
        {
            for (int i = 0; i < Clients; i++)
            {
                clients[i] = new IpcClient(host.Endpoint);
                proxies[i] = new GreeterProxy();
                await clients[i].ConnectAsync().Within("the connection");
                await clients[i].BindAsync(proxies[i]).Within("the binding");
            }

            // All stop together, so that none has its calls alone.
            int left = Calls;
            int[] counts = new int[Clients];
            await Task.WhenAll(Enumerable.Range(0, Clients * window).Select(i => Task.Run(() => CallAsync(i % Clients))))
                .Within(TimeSpan.FromMinutes(2), "the calls");
            TestContext.Out.WriteLine(string.Join(' ', counts));
            Assert.That(counts.Sum(), Is.EqualTo(Calls));
            Assert.That(counts.Min(), Is.GreaterThanOrEqualTo(counts.Max() / 2), string.Join(' ', counts));

            async Task CallAsync(int client)
            {
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    await proxies[client].SayHelloAsync("a").ConfigureAwait(false);
                    Interlocked.Increment(ref counts[client]);
                }
            }
        }
        finally
        {
            foreach (IpcClient client in clients.OfType<IpcClient>())
            {
                await client.DisposeAsync();
            }
        }
    }
}
