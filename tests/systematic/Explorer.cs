using System.Diagnostics;
using Microsoft.Coyote;
using Microsoft.Coyote.SystematicTesting;

namespace Signals.Systematic;

/// <summary>Explores scenarios one after the other, and reports the outcome of each.</summary>
internal static class Explorer
{
    /// <summary>The number of decisions after which the choice of threads becomes fair, which most schedules do not reach.</summary>
    private const uint UnfairSteps = 1000;

    /// <summary>The number of decisions after which a schedule counts as endless.</summary>
    private const uint MostSteps = 20_000;

    /// <summary>The milliseconds without progress after which a schedule counts as hanging. Long, because machines may be loaded.</summary>
    private const uint HangTimeout = 20_000;

    /// <summary>The folder for the schedules that failed, in the folder that the program is started in.</summary>
    private static readonly string Reports = Path.Combine("artifacts", "systematic");

    /// <summary>Explores all scenarios.</summary>
    /// <returns>The exit code: 0 if no schedule failed.</returns>
    internal static int ExploreAll(IReadOnlyList<Scenario> scenarios, RunOptions options)
    {
        Console.WriteLine($"Systematic testing of {scenarios.Count} scenarios, seed {options.Seed}");
        long start = Stopwatch.GetTimestamp();
        int failed = scenarios.Count(scenario => !Explore(scenario, options));
        Console.WriteLine($"Systematic testing: {scenarios.Count - failed} passed, {failed} failed in {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        return failed == 0 ? 0 : 1;
    }

    /// <summary>Runs a scenario in the schedule of an earlier failure.</summary>
    /// <returns>The exit code: 0 if the schedule does not fail.</returns>
    internal static int Replay(IReadOnlyList<Scenario> scenarios, string trace)
    {
        if (scenarios is not [Scenario scenario])
        {
            Console.Error.WriteLine($"Only one scenario can be replayed, not {scenarios.Count}: specify more of its name.");
            return 2;
        }

        Interleaving interleaving = scenario.Interleavings.FirstOrDefault(one => Path.GetFileName(trace).Contains($"{one}", StringComparison.Ordinal));
        using TestingEngine engine = scenario.CreateEngine(CreateConfiguration().WithReproducibleTrace(File.ReadAllText(trace)), interleaving);
        engine.Run();
        PrintFailure(engine);
        bool hasFailed = HasFailed(engine.TestReport);
        Console.WriteLine($"{scenario.Name}: the schedule {(hasFailed ? "fails" : "does not fail")}");
        return hasFailed ? 1 : 0;
    }

    private static bool Explore(Scenario scenario, RunOptions options)
    {
        int schedules = 0;
        bool hasFailed = false;
        long start = Stopwatch.GetTimestamp();
        foreach (Interleaving interleaving in scenario.Interleavings)
        {
            using TestingEngine engine = Explore(scenario, interleaving, options);
            schedules += CountSchedules(engine.TestReport);
            if (!HasFailed(engine.TestReport))
            {
                continue;
            }

            hasFailed = true;
            Report(scenario, schedules, start, "FAILED");
            PrintFailure(engine);
            Save(scenario, interleaving, engine);
            break;
        }

        if (!hasFailed)
        {
            Report(scenario, schedules, start, "passed");
        }

        return !hasFailed;
    }

    private static TestingEngine Explore(Scenario scenario, Interleaving interleaving, RunOptions options)
    {
        uint schedules = Math.Max(1, (options.Schedules ?? scenario.Schedules) / (uint)scenario.Interleavings.Count);
        Configuration configuration = CreateConfiguration().WithRandomGeneratorSeed(options.Seed).WithTestingIterations(schedules);
        TestingEngine engine = scenario.CreateEngine(configuration, interleaving);
        if (options.Schedules is null)
        {
            long start = Stopwatch.GetTimestamp();
            TimeSpan limit = scenario.TimeLimit / scenario.Interleavings.Count;
            engine.RegisterEndIterationCallBack(_ =>
            {
                if (Stopwatch.GetElapsedTime(start) > limit)
                {
                    engine.Stop();
                }
            });
        }

        engine.Run();
        return engine;
    }

    private static Configuration CreateConfiguration() =>
        Configuration
            .Create()
            .WithTelemetryEnabled(false)
            .WithDeadlockTimeout(HangTimeout)
            .WithMaxSchedulingSteps(UnfairSteps, MostSteps)
            .WithFailureOnMaxStepsBoundEnabled();

    private static int CountSchedules(TestReport report) => report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths;

    private static bool HasFailed(TestReport report) => report.NumOfFoundBugs > 0 || report.InternalErrors.Count > 0 || CountSchedules(report) == 0;

    private static void Report(Scenario scenario, int schedules, long start, string outcome)
    {
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"{outcome}  {schedules, 6} schedules  {schedules / seconds, 5:0}/s  {scenario.Name}");
    }

    private static void PrintFailure(TestingEngine engine)
    {
        foreach (string failure in engine.TestReport.BugReports.Concat(engine.TestReport.InternalErrors))
        {
            Console.WriteLine(failure);
        }
    }

    /// <summary>Saves the schedule that failed, for reading and for replaying.</summary>
    private static void Save(Scenario scenario, Interleaving interleaving, TestingEngine engine)
    {
        Directory.CreateDirectory(Reports);
        if (!engine.TryEmitReports(Reports, $"{scenario.Name}.{interleaving}", out IEnumerable<string> files))
        {
            return;
        }

        foreach (string file in files)
        {
            Console.WriteLine($"  {file}");
        }

        Console.WriteLine($"  Replay it with: dotnet run -c Release --project tests/systematic -- {scenario.Name} --replay <the file .trace>");
    }
}
