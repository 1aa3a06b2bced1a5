using System.Diagnostics;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>
/// Has clients connect, call, watch and go, politely and not, and kills processes on either side in the middle of their work; then looks
/// whether the process that saw it all is as it was before.
/// </summary>
internal static class Soak
{
    private const int Succeeded = 0;
    private const int Failed = 1;

    /// <summary>So much has been compiled, and grown to its size, when the first look is taken.</summary>
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(10);

    /// <summary>The pools of buffers take 10 s where memory is scarce; whoever compiles or waits for timers ends in less.</summary>
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>
    /// From how much of the machine's memory in use on the runtime takes memory for scarce, in percent. Below, its pools keep buffers for many
    /// minutes, however often the garbage is collected; where memory is scarce they give them back, so that what is left is what somebody holds.
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
        // Said first of all: what the console opens to say something is there when the first look is taken.
        Console.WriteLine($"Warm-up: {WarmUpTime.TotalSeconds:0} s");
        await createWork().RunAsync(WarmUpTime);
        ProcessFigures before = await SettleAsync(host, figures => figures.IsQuiet);
        Console.WriteLine($"Before: {before}");

        SoakWork work = createWork();
        await work.RunAsync(time);
        Console.WriteLine($"{time.TotalSeconds:0} s:  {work}");
        ProcessFigures after = await SettleAsync(host, figures => figures.IsBackAt(before));
        Console.WriteLine($"After:  {after}");
        Console.WriteLine($"The host has {host.ClientCount} clients and {host.ActiveCalls} calls under way.");

        bool isBack = after.IsBackAt(before) && IsIdle(host);
        Console.WriteLine(isBack ? "All is as it was before." : "Something was left behind.");
        return isBack ? Succeeded : Failed;
    }

    /// <summary>Waits until the host has nothing to do and the figures are as wished, but not for ever. Returns the figures of then.</summary>
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
