namespace Signals.Benchmarks.Graphs;

/// <summary>A graph of this library's properties.</summary>
internal sealed class PropertyGraph : IGraph
{
    private readonly Dictionary<Func<int>, Computed<int>> _nodes = [];

    /// <summary>Gets the number of times that slots were called.</summary>
    internal int Told { get; private set; }

    public (Func<int> Read, Action<int> Set) AddSource(int value)
    {
        var property = new Property<int>(value);
        return (() => property.Value, next => property.Value = next);
    }

    public Func<int> AddNode(Func<int> compute)
    {
        Computed<int> node = Computed.Of(compute);
        Func<int> read = () => node.Value;
        _nodes.Add(read, node);
        return read;
    }

    public void Observe(Func<int> node) => _nodes[node].Connect(_ => Told++);

    public void SetTogether(Action sets)
    {
        using (Property.Batch())
        {
            sets();
        }
    }
}
