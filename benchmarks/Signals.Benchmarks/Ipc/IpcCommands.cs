using System.Diagnostics;
using System.Globalization;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>The commands that run one side of the protocol with any program on the other side.</summary>
internal static class IpcCommands
{
    internal const string Host = "ipc-host";
    internal const string Client = "ipc-client";
    internal const string Soak = "ipc-soak";

    private const int Succeeded = 0;
    private const int Failed = 1;

    /// <summary>Runs a host until the input ends or the process receives a signal to stop.</summary>
    internal static async Task<int> RunHostAsync(string socket)
    {
        await using var host = new IpcHost();
        host.Expose(new GreetingService());
        Console.WriteLine($"Listening on {host.Start(IpcEndpoint.Parse(socket))} until the input ends.");
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
        return Succeeded;
    }

    /// <summary>Calls a greeter or an echo, and prints the rate.</summary>
    internal static async Task<int> RunClientAsync(string socket, int count, int window, bool isOneWay)
    {
        await using ClientSession session = await ClientSession.OpenAsync(IpcEndpoint.Parse(socket));
        Console.WriteLine("Connected.");
        return isOneWay ? await SendAsync(session.Proxy, count) : await CallAsync(session.Proxy, count, window);
    }

    private static async Task<int> CallAsync(GreeterProxy proxy, int count, int window)
    {
        double[] microseconds = new double[count];
        long start = Stopwatch.GetTimestamp();
        int right = await Calls.RunAsync(proxy, count, window, microseconds);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Array.Sort(microseconds);
        Print(
            $"{right:#,0} of {count:#,0} replies correct, {window} in flight, in {elapsed.TotalSeconds:0.000} s: {count / elapsed.TotalSeconds:#,0} calls/s"
        );
        Print($"time of a call: median {microseconds[count / 2]:0.0} us, 99 % within {microseconds[(int)(count * 0.99)]:0.0} us");
        return right == count ? Succeeded : Failed;
    }

    private static async Task<int> SendAsync(GreeterProxy proxy, int count)
    {
        long start = Stopwatch.GetTimestamp();
        string reply = await Calls.SendAsync(proxy, count);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Print($"{count:#,0} one-way calls in {elapsed.TotalSeconds:0.000} s: {count / elapsed.TotalSeconds:#,0} calls/s");
        Print($"Reply to a last call, which the host received after them: {reply}");
        return Succeeded;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
