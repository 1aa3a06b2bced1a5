namespace Signals.Benchmarks.Graphs;

/// <summary>
/// A graph written by hand: each source has an event, whose handler computes all numbers in the order in which they were added. The order is fixed, and
/// every number is computed.
/// </summary>
internal sealed class EventGraph : IGraph
{
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<Func<int>, Node> _byRead = [];
    private bool _isHeld;

    private event Action? Changed;

    public (Func<int> Read, Action<int> Set) AddSource(int value)
    {
        if (Changed is null)
        {
            Changed += Update;
        }

        int current = value;
        return (
            () => current,
            next =>
            {
                current = next;
                if (!_isHeld)
                {
                    Changed?.Invoke();
                }
            }
        );
    }

    public Func<int> AddNode(Func<int> compute)
    {
        var node = new Node(compute);
        _nodes.Add(node);
        Func<int> read = () => node.Value;
        _byRead.Add(read, node);
        return read;
    }

    public void Observe(Func<int> node) => _byRead[node].Changed += static _ => { };

    public void SetTogether(Action sets)
    {
        _isHeld = true;
        sets();
        _isHeld = false;
        Changed?.Invoke();
    }

    private void Update()
    {
        foreach (Node node in _nodes)
        {
            node.Update();
        }
    }

    private sealed class Node
    {
        private readonly Func<int> _compute;

        internal Node(Func<int> compute)
        {
            _compute = compute;
            Value = compute();
        }

        internal event Action<int>? Changed;

        internal int Value { get; private set; }

        internal void Update()
        {
            int value = _compute();
            if (value != Value)
            {
                Value = value;
                Changed?.Invoke(value);
            }
        }
    }
}
