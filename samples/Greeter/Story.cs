using Signals;
using Signals.Ipc;

namespace Greeter;

/// <summary>
/// Runs the whole story on a temporary socket if no command is given. A host in a separate process is called, killed in the middle of a
/// stream, and started again; the client detects this, reconnects and continues.
/// </summary>
internal static class Story
{
    private const string Name = "Ada";

    /// <summary>The time limit of the story, which usually takes far less.</summary>
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

        narrator.Heading("1. A client waits for a host, which is started in a separate process.");
        await using var client = new IpcClient(IpcEndpoint.Parse(socket), new IpcClientOptions { Retry = true, Reconnect = true });
        using var proxy = new GreeterProxy();
        using var book = new GuestBookProxy();
        _ = book.Arrived.Connect(guest => narrator.Signal("book.Arrived", guest.Name));
        _ = book.Guests.Connect(guests => narrator.Signal("book.Guests", $"{guests.Count}"));
        client.Bind(book);
        var session = new ClientSession(client, proxy, narrator);
        client.Connect();
        using (HostProcess host = HostProcess.Start(socket))
        {
            Task lost = await session.WaitUntilConnectedAsync(stop);

            narrator.Heading("2. Calls across processes.");
            await CallAsync(proxy, request, narrator, stop);
            await book.EnterAsync(new Guest { Name = Name }, new CallOptions { WaitForReady = true }, stop);

            narrator.Heading("3. The host is killed (SIGKILL) in the middle of a stream.");
            await WatchUntilKilledAsync(proxy, request, host, narrator, stop);

            // The failure of the call and the signals are reported independently: the story continues after both.
            await lost.WaitAsync(stop);
        }

        narrator.Heading("4. The host is started again. The client reconnects and binds the same proxy again.");
        using (HostProcess host = HostProcess.Start(socket))
        {
            await session.WaitUntilConnectedAsync(stop);

            narrator.Heading("5. The same proxy works as before, and signals are subscribed to again.");
            await CallAsync(proxy, request, narrator, stop);
            await book.EnterAsync(new Guest { Name = Name }, new CallOptions { WaitForReady = true }, stop);
            narrator.Client($"WatchGreetings({Name})");
            await foreach (GreeterReplyMsg greeting in proxy.WatchGreetingsAsync(request, cancellationToken: stop))
            {
                narrator.Reply(greeting.Message);
            }

            narrator.Heading("6. The client and the host stop.");
            proxy.Dispose();
            await client.DisposeAsync();
            narrator.Client("is disposed and raises no further signals");
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
        narrator.Reply((await proxy.SayHelloAsync(request, cancellationToken: stop)).Message);
        narrator.Client($"WaveGoodbye({request.Name})");
        narrator.Reply((await proxy.WaveGoodbyeAsync(request, cancellationToken: stop)).Message);
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
                narrator.Reply(greeting.Message);
                if (++greetings == GreeterService.GreetingCount - 1)
                {
                    await host.KillAsync(stop);
                    narrator.Host($"process {host.Id} was killed");
                }
            }

            throw new InvalidOperationException("The stream ended without an error although its host was killed.");
        }
        catch (IpcDisconnectedException exception)
        {
            narrator.Failure($"the stream, after {greetings} greetings: {exception.Message}");
        }
    }
}
