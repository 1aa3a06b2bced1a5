using System.Diagnostics;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>
/// Makes clients connect, call, watch and disconnect, some of them abruptly, and kills processes on either side during their work. Then checks
/// whether this process has the same resources as before.
/// </summary>
internal static class Soak
{
    private const int Succeeded = 0;
    private const int Failed = 1;

    /// <summary>The duration of the warm-up, after which code is compiled and buffers have their final size.</summary>
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(10);

    /// <summary>The maximum wait for idle resources. Buffer pools take 10 s if memory is scarce; the compiler and timers take less.</summary>
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Memory load in percent from which the runtime treats memory as scarce. Below it, buffer pools keep buffers for many minutes, regardless of
    /// garbage collections. Above it, they release the buffers, so that the remaining memory is referenced by the program.
    /// </summary>
    private const string ScarcityVariable = "DOTNET_GCHighMemPercent";

    private const string AlwaysScarce = "1";

    internal static Task<int> RunAsync(TimeSpan time) =>
        Environment.GetEnvironmentVariable(ScarcityVariable) is null ? ChildProcess.RunAgainAsync(ScarcityVariable, AlwaysScarce) : RunHereAsync(time);

    private static async Task<int> RunHereAsync(TimeSpan time)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("signals-");
        try
        {
            string socket = Path.Combine(folder.FullName, "host");
            await using var host = new IpcHost();
            host.Expose(new EchoService());
            host.Start(IpcEndpoint.Parse(socket));
            return await RunAsync(host, time, () => new SoakWork(socket, Path.Combine(folder.FullName, "victim")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(IpcHost host, TimeSpan time, Func<SoakWork> createWork)
    {
        // Written first, so that the first measurement includes the resources that the console opens.
        Console.WriteLine($"Warm-up: {WarmUpTime.TotalSeconds:0} s");
        await createWork().RunAsync(WarmUpTime);
        ProcessFigures before = await SettleAsync(host, figures => figures.IsQuiet);
        Console.WriteLine($"Before: {before}");

        SoakWork work = createWork();
        await work.RunAsync(time);
        Console.WriteLine($"{time.TotalSeconds:0} s:  {work}");
        ProcessFigures after = await SettleAsync(host, figures => figures.IsBackAt(before));
        Console.WriteLine($"After:  {after}");
        Console.WriteLine($"The host has {host.ClientCount} clients and {host.ActiveCalls} active calls.");

        bool isBack = after.IsBackAt(before) && IsIdle(host);
        Console.WriteLine(isBack ? "No resources are left." : "Resources are left.");
        return isBack ? Succeeded : Failed;
    }

    /// <summary>Waits, for a limited time, until the host is idle and the figures meet a condition. Returns the last figures.</summary>
    private static async Task<ProcessFigures> SettleAsync(IpcHost host, Predicate<ProcessFigures> isSettled)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            var figures = ProcessFigures.Read();
            if ((IsIdle(host) && isSettled(figures)) || Stopwatch.GetElapsedTime(start) > LongestSettling)
            {
                return figures;
            }

            await Task.Delay(BetweenLooks);
        }
    }

    private static bool IsIdle(IpcHost host) => host.ClientCount == 0 && host.ActiveCalls == 0;
}
