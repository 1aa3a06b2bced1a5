using Signals.Ipc;

namespace Greeter;

/// <summary>
/// Without a command: the whole story on a temporary socket. A host in a process of its own is called, killed in the middle of a stream and
/// started again; the client notices, reconnects and goes on.
/// </summary>
internal static class Story
{
    private const string Name = "Ada";

    /// <summary>Every step takes far less; whatever hangs ends here.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    internal static async Task RunAsync(Narrator narrator, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("greeter-");
        try
        {
            await TellAsync(Path.Combine(folder.FullName, "greeter.sock"), narrator, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"The story did not end within {Limit.TotalSeconds:N0} s.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task TellAsync(string socket, Narrator narrator, CancellationToken stop)
    {
        var request = new GreeterRequestMsg { Name = Name };

        narrator.Heading("1. A client waits for a host, which is started in a process of its own.");
        await using var client = new IpcClient(IpcEndpoint.Parse(socket), new IpcClientOptions { Retry = true, Reconnect = true });
        using var proxy = new GreeterProxy();
        var session = new ClientSession(client, proxy, narrator);
        client.Connect();
        using (HostProcess host = HostProcess.Start(socket))
        {
            Task lost = await session.WaitUntilConnectedAsync(stop);

            narrator.Heading("2. Calls across processes.");
            await CallAsync(proxy, request, narrator, stop);

            narrator.Heading("3. The host is killed (SIGKILL) in the middle of a stream.");
            await WatchUntilKilledAsync(proxy, request, host, narrator, stop);

            // The failed call and the signals come on different ways: the story goes on when both have been told.
            await lost.WaitAsync(stop);
        }

        narrator.Heading("4. The host is started again. The client connects by itself and binds the same proxy again.");
        using (HostProcess host = HostProcess.Start(socket))
        {
            await session.WaitUntilConnectedAsync(stop);

            narrator.Heading("5. The same proxy works as before.");
            await CallAsync(proxy, request, narrator, stop);
            narrator.Client($"WatchGreetings({Name})");
            await foreach (GreeterReplyMsg greeting in proxy.WatchGreetingsAsync(request, cancellationToken: stop))
            {
                narrator.Answer(greeting.Message);
            }

            narrator.Heading("6. Everything ends as it should.");
            proxy.Dispose();
            await client.DisposeAsync();
            narrator.Client("is disposed: none of its signals fires any more");
            int exitCode = await host.StopAsync(stop);
            narrator.Host($"process {host.Id} ended with exit code {exitCode}");
            if (exitCode != 0)
            {
                throw new InvalidOperationException("The host did not stop cleanly.");
            }
        }

        if (File.Exists(socket))
        {
            throw new InvalidOperationException($"The host left its socket file {socket} behind.");
        }
    }

    private static async Task CallAsync(GreeterProxy proxy, GreeterRequestMsg request, Narrator narrator, CancellationToken stop)
    {
        narrator.Client($"SayHello({request.Name})");
        narrator.Answer((await proxy.SayHelloAsync(request, cancellationToken: stop)).Message);
        narrator.Client($"WaveGoodbye({request.Name})");
        narrator.Answer((await proxy.WaveGoodbyeAsync(request, cancellationToken: stop)).Message);
    }

    private static async Task WatchUntilKilledAsync(
        GreeterProxy proxy,
        GreeterRequestMsg request,
        HostProcess host,
        Narrator narrator,
        CancellationToken stop
    )
    {
        narrator.Client($"WatchGreetings({request.Name})");
        int greetings = 0;
        try
        {
            await foreach (GreeterReplyMsg greeting in proxy.WatchGreetingsAsync(request, cancellationToken: stop))
            {
                narrator.Answer(greeting.Message);
                if (++greetings == GreeterService.GreetingCount - 1)
                {
                    await host.KillAsync(stop);
                    narrator.Host($"process {host.Id} was killed");
                }
            }

            throw new InvalidOperationException("The stream ended as if nothing had happened.");
        }
        catch (IpcDisconnectedException exception)
        {
            narrator.Failure($"the stream, after {greetings} greetings: {exception.Message}");
        }
    }
}
