using System.Diagnostics;
using Microsoft.Coyote;
using Microsoft.Coyote.SystematicTesting;

namespace Signals.Systematic;

/// <summary>Explores scenarios one after the other, and says what came of each.</summary>
internal static class Explorer
{
    /// <summary>The seconds after which no further schedule of a scenario is begun.</summary>
    private const int TimeLimitSeconds = 8;

    /// <summary>The decisions after which the choice of threads becomes a fair one: so many that most schedules end before.</summary>
    private const uint UnfairSteps = 1000;

    /// <summary>The decisions after which a schedule counts as one that never ends.</summary>
    private const uint MostSteps = 20_000;

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
            Console.Error.WriteLine($"One scenario can be replayed, not {scenarios.Count}: give more of its name.");
            return 2;
        }

        using TestingEngine engine = scenario.CreateEngine(CreateConfiguration().WithReproducibleTrace(File.ReadAllText(trace)));
        engine.Run();
        PrintFailure(engine);
        bool hasFailed = HasFailed(engine.TestReport);
        Console.WriteLine($"{scenario.Name}: the schedule {(hasFailed ? "fails" : "does not fail")}");
        return hasFailed ? 1 : 0;
    }

    private static bool Explore(Scenario scenario, RunOptions options)
    {
        Configuration configuration = CreateConfiguration()
            .WithRandomGeneratorSeed(options.Seed)
            .WithTestingIterations(options.Schedules ?? scenario.Schedules)
            .WithTestingTimeout(options.Schedules is null ? TimeLimitSeconds : 0);
        long start = Stopwatch.GetTimestamp();
        using TestingEngine engine = scenario.CreateEngine(configuration);
        engine.Run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        TestReport report = engine.TestReport;
        int schedules = report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths;
        bool hasFailed = HasFailed(report);
        string outcome = hasFailed ? "FAILED" : "passed";
        Console.WriteLine($"{outcome}  {schedules, 6} schedules  {schedules / seconds, 5:0}/s  {scenario.Name}");
        if (hasFailed)
        {
            PrintFailure(engine);
            Save(scenario, engine);
        }

        return !hasFailed;
    }

    private static Configuration CreateConfiguration() =>
        Configuration
            .Create()
            .WithTelemetryEnabled(false)
            .WithMaxSchedulingSteps(UnfairSteps, MostSteps)
            .WithFailureOnMaxStepsBoundEnabled();

    private static bool HasFailed(TestReport report) =>
        report.NumOfFoundBugs > 0
        || report.InternalErrors.Count > 0
        || report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths == 0;

    private static void PrintFailure(TestingEngine engine)
    {
        foreach (string failure in engine.TestReport.BugReports.Concat(engine.TestReport.InternalErrors))
        {
            Console.WriteLine(failure);
        }
    }

    private static void Save(Scenario scenario, TestingEngine engine)
    {
        Directory.CreateDirectory(Reports);
        if (!engine.TryEmitReports(Reports, scenario.Name, out IEnumerable<string> files))
        {
            return;
        }

        foreach (string file in files)
        {
            Console.WriteLine($"  {file}");
        }

        Console.WriteLine($"  Replay it with: dotnet run -c Release --project tests/systematic -- {scenario.Name} --replay FILE.trace");
    }
}
