using System.Diagnostics;
using System.Globalization;
using Greeter;
using Signals.Ipc;

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

    /// <summary>Makes calls with a fixed number in flight and names of a size. Returns the number of correct replies.</summary>
    internal static async Task<int> RunAsync(GreeterProxy proxy, int count, int window, int nameSize)
    {
        var request = new GreeterRequestMsg { Name = new string('x', nameSize) };
        return await InFlightAsync(count, window, async _ => IsRight(request, await proxy.SayHelloAsync(request)));
    }

    /// <summary>Makes calls through a generated proxy, with a fixed number in flight. Returns the number of correct replies.</summary>
    internal static async Task<int> RunStubAsync(global::Greeter.GreeterProxy proxy, int count, int window)
    {
        GreeterRequestMsg request = CreateRequest(count);
        return await InFlightAsync(count, window, async _ => IsRight(request, await proxy.SayHelloAsync(request)));
    }

    /// <summary>Makes calls that do not end by themselves, one after the other, and cancels each at once. Returns the number of canceled calls.</summary>
    internal static async Task<int> CancelAsync(GreeterProxy proxy, int count)
    {
        int cancelled = 0;
        for (int i = 0; i < count; i++)
        {
            using var cancellation = new CancellationTokenSource();
            Task<GreeterReplyMsg> call = proxy.WaveGoodbyeAsync(new GreeterRequestMsg(), cancellation.Token);
            cancellation.Cancel();
            try
            {
                await call;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
        }

        return cancelled;
    }

    /// <summary>Makes calls with a deadline, as many in flight as the window. Returns the number of correct replies.</summary>
    internal static async Task<int> RunTimedAsync(GreeterProxy proxy, int count, int window)
    {
        var options = new CallOptions { Timeout = TimeSpan.FromMinutes(1) };
        GreeterRequestMsg request = CreateRequest(count);
        return await InFlightAsync(count, window, async _ => IsRight(request, await proxy.SayHelloAsync(request, options)));
    }

    /// <summary>Begins long streams, one after the other, and leaves each after its first message. Returns the number of streams.</summary>
    internal static async Task<int> LeaveAsync(GreeterProxy proxy, int count)
    {
        GreeterRequestMsg request = CreateRequest(int.MaxValue);
        int left = 0;
        for (int i = 0; i < count; i++)
        {
            await foreach (GreeterReplyMsg _ in proxy.WatchGreetingsAsync(request))
            {
                left++;
                break;
            }
        }

        return left;
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

    /// <summary>Makes calls, as many in flight as the window. Returns the number of those that were right.</summary>
    private static async Task<int> InFlightAsync(int count, int window, Func<int, Task<bool>> call)
    {
        return (await Task.WhenAll(Enumerable.Range(0, window).Select(RunAsync))).Sum();

        async Task<int> RunAsync(int number)
        {
            int right = 0;
            for (int i = number; i < count; i += window)
            {
                right += await call(i) ? 1 : 0;
            }

            return right;
        }
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
