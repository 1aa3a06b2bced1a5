namespace Signals.Benchmarks.Compare;

/// <summary>The table of properties and their peers.</summary>
internal static class PropertiesComparison
{
    private static readonly (string Name, Action<Table> AddTo)[] Parts =
    [
        ("set", PropertyRows.AddSetsTo),
        ("read", PropertyRows.AddReadsTo),
        ("memory", PropertyRows.AddMemoryTo),
        ("diamond", GraphRows.AddDiamondTo),
        ("shapes", GraphRows.AddShapesTo),
    ];

    private static readonly Column[] Columns =
    [
        new("R3", 18, [PeerKind.R3]),
        new("MVVM Toolkit", 18, [PeerKind.Toolkit]),
        new("by hand", 22, [PeerKind.Event, PeerKind.Floor]),
    ];

    internal static Comparison Create() =>
        new(
            Parts,
            Columns,
            $"""
            Properties and their peers: {Comparison.Method}
            R3: ReactiveProperty. MVVM Toolkit: ObservableObject. By hand: a field, or C# events and values that are computed in the right order.
            Runs are those of computations for one change; the program ends if they are not exactly the fewest possible.
            """
        )
        {
            ChartFile = "properties.svg",
        };
}
