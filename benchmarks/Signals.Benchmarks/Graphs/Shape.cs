namespace Signals.Benchmarks.Graphs;

/// <summary>A shape of graphs that benchmarks of reactive libraries for JavaScript use.</summary>
/// <param name="Name">The name.</param>
/// <param name="Runs">The fewest runs of computations that one change needs.</param>
/// <param name="Build">Builds the graph. Returns a delegate that makes the change with the given number, from 1.</param>
internal sealed record Shape(string Name, int Runs, Func<IGraph, Action<int>> Build)
{
    private const int Width = 5;
    private const int TriangleHeight = 10;
    private const int Depth = 50;
    private const int Sources = 100;
    private const int Repetitions = 30;
    private const int Layers = 10;
    private const int Cells = 4;

    internal static IReadOnlyList<Shape> All { get; } =
    [
        new("diamond", Width + 1, BuildDiamond),
        new("triangle", TriangleHeight + 1, BuildTriangle),
        new("deep", Depth, BuildDeep),
        new("broad", 2 * Depth, BuildBroad),
        new("mux", Sources + 2, BuildMux),
        new("unstable", 2, BuildUnstable),
        new("avoidable", 2, BuildAvoidable),
        new("repeated", 1, BuildRepeated),
        new("cellx", Cells * Layers, BuildCellx),
    ];

    private static Action<int> BuildDiamond(IGraph graph)
    {
        (Func<int> head, Action<int> set) = graph.AddSource(0);
        Func<int>[] middle = [.. Enumerable.Range(0, Width).Select(i => graph.AddNode(() => head() + i))];
        graph.Observe(graph.AddNode(() => Sum(middle)));
        return set;
    }

    private static Action<int> BuildTriangle(IGraph graph)
    {
        (Func<int> head, Action<int> set) = graph.AddSource(0);
        var all = new List<Func<int>> { head };
        for (int i = 0; i < TriangleHeight; i++)
        {
            Func<int> before = all[^1];
            all.Add(graph.AddNode(() => before() + 1));
        }

        Func<int>[] summed = [.. all];
        graph.Observe(graph.AddNode(() => Sum(summed)));
        return set;
    }

    private static Action<int> BuildDeep(IGraph graph)
    {
        (Func<int> last, Action<int> set) = graph.AddSource(0);
        for (int i = 0; i < Depth; i++)
        {
            Func<int> before = last;
            last = graph.AddNode(() => before() + 1);
        }

        graph.Observe(last);
        return set;
    }

    private static Action<int> BuildBroad(IGraph graph)
    {
        (Func<int> head, Action<int> set) = graph.AddSource(0);
        for (int i = 0; i < Depth; i++)
        {
            int offset = i;
            Func<int> first = graph.AddNode(() => head() + offset);
            graph.Observe(graph.AddNode(() => first() + 1));
        }

        return set;
    }

    private static Action<int> BuildMux(IGraph graph)
    {
        (Func<int> Read, Action<int> Set)[] sources = [.. Enumerable.Range(0, Sources).Select(_ => graph.AddSource(0))];
        Func<int>[] reads = [.. sources.Select(static source => source.Read)];
        Func<int> mux = graph.AddNode(() => Sum(reads));
        foreach (Func<int> read in reads)
        {
            Func<int> split = graph.AddNode(() => mux() < 0 ? 0 : read());
            graph.Observe(graph.AddNode(() => split() + 1));
        }

        return number => sources[number % Sources].Set(number);
    }

    private static Action<int> BuildUnstable(IGraph graph)
    {
        (Func<int> head, Action<int> set) = graph.AddSource(0);
        Func<int> twice = graph.AddNode(() => head() * 2);
        Func<int> inverse = graph.AddNode(() => -head());
        graph.Observe(
            graph.AddNode(() =>
            {
                int sum = 0;
                for (int i = 0; i < Repetitions; i++)
                {
                    sum += head() % 2 == 0 ? twice() : inverse();
                }

                return sum;
            })
        );
        return set;
    }

    private static Action<int> BuildAvoidable(IGraph graph)
    {
        (Func<int> head, Action<int> set) = graph.AddSource(0);
        Func<int> first = graph.AddNode(() => head());
        Func<int> second = graph.AddNode(() => first() * 0);
        Func<int> third = graph.AddNode(() => second() + 1);
        Func<int> fourth = graph.AddNode(() => third() + 2);
        graph.Observe(graph.AddNode(() => fourth() + 3));
        return set;
    }

    private static Action<int> BuildRepeated(IGraph graph)
    {
        (Func<int> head, Action<int> set) = graph.AddSource(0);
        graph.Observe(
            graph.AddNode(() =>
            {
                int sum = 0;
                for (int i = 0; i < Repetitions; i++)
                {
                    sum += head();
                }

                return sum;
            })
        );
        return set;
    }

    private static Action<int> BuildCellx(IGraph graph)
    {
        (Func<int> Read, Action<int> Set)[] sources = [.. Enumerable.Range(1, Cells).Select(graph.AddSource)];
        Func<int>[] layer = [.. sources.Select(static source => source.Read)];
        for (int i = 0; i < Layers; i++)
        {
            Func<int>[] before = layer;
            layer =
            [
                graph.AddNode(() => before[1]()),
                graph.AddNode(() => unchecked(before[0]() - before[2]())),
                graph.AddNode(() => unchecked(before[1]() + before[3]())),
                graph.AddNode(() => before[2]()),
            ];
        }

        foreach (Func<int> node in layer)
        {
            graph.Observe(node);
        }

        // Numbers with which every number of every layer changes.
        return number =>
            graph.SetTogether(() =>
            {
                for (int i = 0; i < Cells; i++)
                {
                    sources[i].Set(unchecked((number * 7919) + (i * i * 31 * number)));
                }
            });
    }

    private static int Sum(Func<int>[] reads)
    {
        int sum = 0;
        foreach (Func<int> read in reads)
        {
            sum = unchecked(sum + read());
        }

        return sum;
    }
}
