using Signals.Ipc;

namespace Greeter;

/// <summary>The command "client": says hello, watches three greetings and waves goodbye.</summary>
internal static class GreeterClient
{
    internal static async Task RunAsync(IpcEndpoint endpoint, string name, bool retry, Narrator narrator, CancellationToken stop)
    {
        await using var client = new IpcClient(endpoint, new IpcClientOptions { Retry = retry, Reconnect = retry });
        using var proxy = new GreeterProxy();
        var session = new ClientSession(client, proxy, narrator);
        client.Connect();
        while (true)
        {
            Task lost = await session.WaitUntilConnectedAsync(stop);
            try
            {
                await GreetAsync(proxy, name, narrator, stop);
                return;
            }
            catch (IpcDisconnectedException exception) when (retry)
            {
                // The client is connecting again by itself.
                narrator.Failure(exception.Message);
                await lost.WaitAsync(stop);
            }
        }
    }

    private static async Task GreetAsync(GreeterProxy proxy, string name, Narrator narrator, CancellationToken stop)
    {
        var request = new GreeterRequestMsg { Name = name };
        narrator.Client($"SayHello({name})");
        narrator.Reply((await proxy.SayHelloAsync(request, cancellationToken: stop)).Message);

        narrator.Client($"WatchGreetings({name})");
        int greetings = 0;
        await foreach (GreeterReplyMsg greeting in proxy.WatchGreetingsAsync(request, cancellationToken: stop))
        {
            narrator.Reply(greeting.Message);
            if (++greetings == GreeterService.GreetingCount)
            {
                break;
            }
        }

        narrator.Client($"WaveGoodbye({name})");
        narrator.Reply((await proxy.WaveGoodbyeAsync(request, cancellationToken: stop)).Message);
    }
}
