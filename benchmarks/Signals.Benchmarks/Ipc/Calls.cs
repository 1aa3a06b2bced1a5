using System.Diagnostics;
using System.Globalization;
using Greeter;

namespace Signals.Benchmarks.Ipc;

/// <summary>Calls in great numbers, whose answers are checked.</summary>
internal static class Calls
{
    /// <summary>A name of 16 bytes.</summary>
    internal static GreeterRequestMsg CreateRequest(int number) => new() { Name = number.ToString("D16", CultureInfo.InvariantCulture) };

    /// <summary>Calls with so many under way at any time. Returns how many were answered as a greeter or an echo answers.</summary>
    /// <param name="proxy">Whom to call.</param>
    /// <param name="count">How many calls.</param>
    /// <param name="window">How many at the same time.</param>
    /// <param name="microseconds">Where the time of each call goes, or null.</param>
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

    /// <summary>Makes all calls at once, without waiting for any. Returns how many were answered rightly.</summary>
    internal static async Task<int> BurstAsync(GreeterProxy proxy, int count, PeakMemory memory)
    {
        var calls = new Task<bool>[count];
        for (int i = 0; i < count; i++)
        {
            calls[i] = CallAsync(proxy, CreateRequest(i), memory);
        }

        return (await Task.WhenAll(calls)).Count(isRight => isRight);
    }

    /// <summary>Makes calls that want no answer, and one that does: it comes last, so its answer says that all have arrived.</summary>
    internal static async Task<string> SendAsync(GreeterProxy proxy, int count)
    {
        GreeterRequestMsg request = CreateRequest(count);
        for (int i = 0; i < count; i++)
        {
            await proxy.SendHelloAsync(request);
        }

        return (await proxy.WaveGoodbyeAsync(request)).Message;
    }

    /// <summary>Has a host that echoes stream so many messages. Returns how many came as they should.</summary>
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
