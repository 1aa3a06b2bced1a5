using Signals.Benchmarks.Graphs;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of a change in graphs of computed properties, and the numbers of runs.</summary>
internal static class GraphRows
{
    private const int Middle = 1_000;
    private const int Nodes = Middle + 1;
    private const double MostNanosecondsOfNode = 60;
    private const int CheckedChanges = 20;

    internal static void AddDiamondTo(Table table)
    {
        var source = new Property<int>(0);
        Computed<int>[] middle = [.. Enumerable.Range(0, Middle).Select(i => Computed.Of(() => source.Value + i))];
        int told = 0;
        Computed
            .Of(() =>
            {
                int sum = 0;
                foreach (Computed<int> node in middle)
                {
                    sum = unchecked(sum + node.Value);
                }

                return sum;
            })
            .Connect(_ => told++);
        int next = 0;
        Contender[] contenders =
        [
            new(
                PeerKind.Ours,
                n =>
                {
                    for (int i = 0; i < n; i++)
                    {
                        source.Value = ++next;
                    }
                }
            )
            {
                Operations = Nodes,
            },
            Baseline.Create(),
        ];
        Measure.WarmUp(contenders);
        Measure.InTurns(contenders);
        Goal goal = Goal.AtMostScaled(MostNanosecondsOfNode, Baseline.SlownessOf(contenders));
        table.Add(Row.OfTimes("a diamond of 1,000, one change; each node", contenders, goal));
        table.Add(Row.OfBytes("a diamond of 1,000, one change; each node", contenders, Goal.AtMost(0)));
        Require(told == next, $"the end of the diamond was told {told} of {next} changes");
    }

    internal static void AddShapesTo(Table table)
    {
        foreach (Shape shape in Shape.All)
        {
            CheckRuns(shape);
            Contender[] contenders = [Changing(PeerKind.Ours, shape, new PropertyGraph()), Changing(PeerKind.Event, shape, new EventGraph())];
            Measure.WarmUp(contenders);
            Measure.InTurns(contenders);
            table.Add(new Row($"{shape.Name}: runs of a change", "", shape.Runs, [], Goal.AtMost(shape.Runs)));
            table.Add(Row.OfTimes($"{shape.Name}: a change", contenders, Goal.AtMost(double.PositiveInfinity)));
            table.Add(Row.OfBytes($"{shape.Name}: a change", contenders, Goal.AtMost(0)));
        }
    }

    private static Contender Changing(PeerKind kind, Shape shape, IGraph graph)
    {
        Action<int> change = shape.Build(graph);
        int next = 0;
        return new Contender(
            kind,
            n =>
            {
                for (int i = 0; i < n; i++)
                {
                    change(++next);
                }
            }
        );
    }

    private static void CheckRuns(Shape shape)
    {
        var graph = new CountingGraph(new PropertyGraph());
        Action<int> change = shape.Build(graph);
        for (int i = 1; i <= CheckedChanges; i++)
        {
            graph.Runs = 0;
            change(i);
            Require(graph.Runs == shape.Runs, $"{shape.Name}: {graph.Runs} runs instead of {shape.Runs} in change {i}");
        }
    }

    private static void Require(bool isTrue, string problem)
    {
        if (!isTrue)
        {
            throw new InvalidOperationException(problem);
        }
    }
}
