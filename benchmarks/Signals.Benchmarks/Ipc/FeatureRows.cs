using System.Diagnostics;
using Google.Protobuf;
using Signals.Benchmarks.Compare;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>The costs of optional parts of a call, of many clients and of large messages.</summary>
internal static class FeatureRows
{
    private const int Window = 64;
    private const int CallsOfClient = 16;
    private const double Million = 1_000_000;
    private const double Milliseconds = 1_000;

    internal static async Task AddToAsync(Table table, GreeterProxy proxy, SocketPaths paths, Func<Func<int, Task<int>>, Task<double>> rateAsync)
    {
        double timed = await rateAsync(count => Calls.RunTimedAsync(proxy, count, Window));
        table.Add(new Row($"{Window} calls in flight, with a deadline", "million/s", timed / Million, [], Goal.AtLeast(0.5)));

        await using (
            ClientSession intercepted = await ClientSession.OpenAsync(paths.Host, new IpcClientOptions { Interceptors = [new PassingInterceptor()] })
        )
        {
            double rate = await rateAsync(count => Calls.RunAsync(intercepted.Proxy, count, Window));
            table.Add(new Row($"{Window} calls in flight, with an interceptor", "million/s", rate / Million, [], Goal.AtLeast(0.5)));
        }

        await using (ClientSession session = await ClientSession.OpenAsync(paths.Host))
        {
            using var stub = new global::Greeter.GreeterProxy();
            await session.RebindAsync(stub);
            double rate = await rateAsync(count => Calls.RunStubAsync(stub, count, Window));
            table.Add(new Row($"{Window} calls in flight, through a generated stub", "million/s", rate / Million, [], Goal.AtLeast(1)));
        }

        double cancelled = await rateAsync(count => Calls.CancelAsync(proxy, count));
        table.Add(new Row("a call that is canceled", "us", Million / cancelled, [], Goal.AtMost(1000)));
        double left = await rateAsync(count => Calls.LeaveAsync(proxy, count));
        table.Add(new Row("a stream that is left after one message", "us", Million / left, [], Goal.AtMost(1000)));
        foreach (int clients in (int[])[8, 64])
        {
            table.Add(
                new Row(
                    $"{clients} clients, {CallsOfClient} calls in flight each",
                    "million/s",
                    await RateOfClientsAsync(paths.Host, clients, rateAsync) / Million,
                    [],
                    Goal.AtLeast(0.5)
                )
            );
        }

        foreach ((int size, int window) in ((int, int)[])[(1024, Window), (64 * 1024, 8)])
        {
            double rate = await rateAsync(count => Calls.RunAsync(proxy, count, window, size));
            table.Add(new Row($"{size / 1024} KiB each way, {window} in flight", "MB/s", rate * size / Million, [], Goal.AtLeast(100)));
        }

        var start = new Samples();
        for (int round = 0; round < 5; round++)
        {
            start.Add(await MeasureStartAsync(paths), undisturbed: true);
        }

        table.Add(new Row("start of a host's process to its first reply", "ms", start.Median * Milliseconds, [], Goal.AtMost(500)));
    }

    private static async Task<double> RateOfClientsAsync(IpcEndpoint endpoint, int count, Func<Func<int, Task<int>>, Task<double>> rateAsync)
    {
        ClientSession[] sessions = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => ClientSession.OpenAsync(endpoint)));
        try
        {
            return await rateAsync(async calls =>
            {
                Task<int>[] running =
                [
                    .. sessions.Select((session, i) => Calls.RunAsync(session.Proxy, calls / count + (i < calls % count ? 1 : 0), CallsOfClient)),
                ];
                return (await Task.WhenAll(running)).Sum();
            });
        }
        finally
        {
            await Task.WhenAll(sessions.Select(session => session.DisposeAsync().AsTask()));
        }
    }

    /// <summary>Returns the number of seconds from the start of a process with a host until its first reply.</summary>
    private static async Task<double> MeasureStartAsync(SocketPaths paths)
    {
        long begin = Stopwatch.GetTimestamp();
        using var host = ChildProcess.Start(IpcCommands.Host, "--socket", paths.Started);
        await using var client = new IpcClient(IpcEndpoint.Parse(paths.Started), new IpcClientOptions { Retry = true });
        using var proxy = new GreeterProxy();
        await client.ConnectAsync();
        await client.BindAsync(proxy);
        await proxy.SayHelloAsync(Calls.CreateRequest(0));
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        await host.StopAsync();
        return seconds;
    }

    private sealed class PassingInterceptor : CallInterceptor
    {
        public override ValueTask<IMessage> InterceptAsync(InterceptedCall call, IMessage request, Func<IMessage, ValueTask<IMessage>> next) =>
            next(request);
    }
}
