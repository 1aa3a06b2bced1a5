using System.Diagnostics;

namespace Signals.Benchmarks.Ipc;

/// <summary>Runs work for a while, and checks whether this process has the same resources as before.</summary>
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

    /// <summary>Runs a soak test.</summary>
    /// <param name="time">The time after the warm-up.</param>
    /// <param name="create">Creates the subject, in a folder for its sockets.</param>
    /// <returns>The exit code.</returns>
    internal static Task<int> RunAsync(TimeSpan time, Func<string, ISoakSubject> create) =>
        Environment.GetEnvironmentVariable(ScarcityVariable) is null
            ? ChildProcess.RunAgainAsync(ScarcityVariable, AlwaysScarce)
            : RunHereAsync(time, create);

    private static async Task<int> RunHereAsync(TimeSpan time, Func<string, ISoakSubject> create)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("signals-");
        try
        {
            await using ISoakSubject subject = create(folder.FullName);
            return await RunAsync(subject, time);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> RunAsync(ISoakSubject subject, TimeSpan time)
    {
        // Written first, so that the first measurement includes the resources that the console opens.
        Console.WriteLine($"Warm-up: {WarmUpTime.TotalSeconds:0} s");
        await subject.WorkAsync(WarmUpTime);
        ProcessFigures before = await SettleAsync(subject, figures => figures.IsQuiet);
        Console.WriteLine($"Before: {before}");

        Console.WriteLine($"{time.TotalSeconds:0} s:  {await subject.WorkAsync(time)}");
        ProcessFigures after = await SettleAsync(subject, figures => figures.IsBackAt(before));
        Console.WriteLine($"After:  {after}");
        Console.WriteLine(subject.Remainder);

        bool isBack = after.IsBackAt(before) && subject.IsIdle;
        Console.WriteLine(isBack ? "No resources are left." : "Resources are left.");
        return isBack ? Succeeded : Failed;
    }

    /// <summary>Waits, for a limited time, until the subject is idle and the figures meet a condition. Returns the last figures.</summary>
    private static async Task<ProcessFigures> SettleAsync(ISoakSubject subject, Predicate<ProcessFigures> isSettled)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            var figures = ProcessFigures.Read();
            if ((subject.IsIdle && isSettled(figures)) || Stopwatch.GetElapsedTime(start) > LongestSettling)
            {
                return figures;
            }

            await Task.Delay(BetweenLooks);
        }
    }
}
