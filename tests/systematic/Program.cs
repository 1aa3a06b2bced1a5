using Signals.Systematic;

if (!RunOptions.TryParse(args, out RunOptions? options, out string? complaint))
{
    Console.Error.WriteLine(complaint);
    Console.Error.WriteLine(RunOptions.Usage);
    return 2;
}

List<Scenario> scenarios = [.. Scenario.All().Where(scenario => scenario.Name.Contains(options.Filter, StringComparison.OrdinalIgnoreCase))];
if (scenarios.Count == 0)
{
    Console.Error.WriteLine($"No scenario has a name that contains \"{options.Filter}\".");
    return 2;
}

return options.Trace is { } trace ? Explorer.Replay(scenarios, trace) : Explorer.ExploreAll(scenarios, options);
