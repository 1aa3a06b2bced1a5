namespace Signals.Benchmarks.Graphs;

/// <summary>Counts the runs of the computations of a graph.</summary>
internal sealed class CountingGraph(IGraph graph) : IGraph
{
    internal int Runs { get; set; }

    public (Func<int> Read, Action<int> Set) AddSource(int value) => graph.AddSource(value);

    public Func<int> AddNode(Func<int> compute) =>
        graph.AddNode(() =>
        {
            Runs++;
            return compute();
        });

    public void Observe(Func<int> node) => graph.Observe(node);

    public void SetTogether(Action sets) => graph.SetTogether(sets);
}
