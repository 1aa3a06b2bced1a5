using System.Diagnostics;
using System.Globalization;
using Greeter;

namespace Signals.Benchmarks.Ipc;

/// <summary>Makes large numbers of calls and checks the replies.</summary>
internal static class Calls
{
    /// <summary>A name of 16 bytes.</summary>
    internal static GreeterRequestMsg CreateRequest(int number) => new() { Name = number.ToString("D16", CultureInfo.InvariantCulture) };

    /// <summary>Makes calls with a fixed number in flight. Returns the number of replies that are those of a greeter or an echo.</summary>
    /// <param name="proxy">The proxy to call.</param>
    /// <param name="count">The number of calls.</param>
    /// <param name="window">The number of calls in flight.</param>
    /// <param name="microseconds">The array that receives the time of each call, or null.</param>
    internal static async Task<int> RunAsync(GreeterProxy proxy, int count, int window, double[]? microseconds = null)
    {
        int[] shares = [.. Enumerable.Range(0, window).Select(i => count / window + (i < count % window ? 1 : 0))];
        int first = 0;
        var workers = new Task<int>[window];
        for (int i = 0; i < window; i++)
        {
            workers[i] = RunInTurnAsync(proxy, i, shares[i], microseconds is null ? default : microseconds.AsMemory(first, shares[i]));
            first += shares[i];
        }

        return (await Task.WhenAll(workers)).Sum();
    }

    /// <summary>Makes all calls without waiting for any. Returns the number of correct replies.</summary>
    internal static async Task<int> BurstAsync(GreeterProxy proxy, int count, PeakMemory memory)
    {
        var calls = new Task<bool>[count];
        for (int i = 0; i < count; i++)
        {
            calls[i] = CallAsync(proxy, CreateRequest(i), memory);
        }

        return (await Task.WhenAll(calls)).Count(isRight => isRight);
    }

    /// <summary>Makes one-way calls and then one call with a reply, which shows that all calls have arrived.</summary>
    internal static async Task<string> SendAsync(GreeterProxy proxy, int count)
    {
        GreeterRequestMsg request = CreateRequest(count);
        for (int i = 0; i < count; i++)
        {
            await proxy.SendHelloAsync(request);
        }

        return (await proxy.WaveGoodbyeAsync(request)).Message;
    }

    /// <summary>Requests a stream of messages from an echoing host. Returns the number of correct messages.</summary>
    internal static async Task<int> WatchAsync(GreeterProxy proxy, int count)
    {
        GreeterRequestMsg request = CreateRequest(count);
        int right = 0;
        await foreach (GreeterReplyMsg reply in proxy.WatchGreetingsAsync(request))
        {
            right += reply.Message == request.Name ? 1 : 0;
        }

        return right;
    }

    private static async Task<int> RunInTurnAsync(GreeterProxy proxy, int number, int count, Memory<double> microseconds)
    {
        GreeterRequestMsg request = CreateRequest(number);
        int right = 0;
        for (int i = 0; i < count; i++)
        {
            long start = microseconds.IsEmpty ? 0 : Stopwatch.GetTimestamp();
            GreeterReplyMsg reply = await proxy.SayHelloAsync(request);
            if (!microseconds.IsEmpty)
            {
                microseconds.Span[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }

            right += IsRight(request, reply) ? 1 : 0;
        }

        return right;
    }

    private static async Task<bool> CallAsync(GreeterProxy proxy, GreeterRequestMsg request, PeakMemory memory)
    {
        Task<GreeterReplyMsg> call = proxy.SayHelloAsync(request);
        memory.Sample();
        return IsRight(request, await call);
    }

    private static bool IsRight(GreeterRequestMsg request, GreeterReplyMsg reply) =>
        reply.Message == request.Name
        || (
            reply.Message.StartsWith(GreetingService.Hello, StringComparison.Ordinal)
            && reply.Message.AsSpan(GreetingService.Hello.Length).SequenceEqual(request.Name)
        );
}
