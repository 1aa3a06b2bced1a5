namespace Signals.Tests.Core.Properties;

/// <summary>
/// The oracle of the random graphs: it marks nothing, examines everything whenever it is asked, and recurses. A node runs if something that its last
/// run has read has another version, in the order of the reads and only up to the first.
/// </summary>
internal sealed class NaiveGraph(Formula[] formulas, int[] sources)
{
    private readonly int[] _values = [.. sources, .. new int[formulas.Length]];
    private readonly long[] _versions = [.. sources.Select(_ => 1L), .. new long[formulas.Length]];
    private readonly List<(int Node, long Version)>?[] _reads = new List<(int, long)>?[sources.Length + formulas.Length];
    private long _lastVersion = 1;
    private List<(int, long)>? _reading;

    internal int[] Runs { get; } = new int[sources.Length + formulas.Length];

    internal int this[int node] => Get(node);

    internal int Peek(int source) => _values[source];

    internal long VersionOf(int node)
    {
        Get(node);
        return _versions[node];
    }

    internal void Set(int source, int value)
    {
        if (_values[source] != value)
        {
            _values[source] = value;
            _versions[source] = ++_lastVersion;
        }
    }

    /// <summary>Sets sources in a batch, in which nothing is read.</summary>
    internal void SetAll(List<(int Source, int Value)> sets)
    {
        foreach (IGrouping<int, (int Source, int Value)> group in sets.GroupBy(set => set.Source))
        {
            Set(group.Key, group.Last().Value);
        }
    }

    /// <summary>Runs what reads like an effect. Returns what it has read.</summary>
    internal List<(int Node, long Version)> Read(Formula formula, out int result)
    {
        List<(int, long)>? outer = _reading;
        var reads = new List<(int, long)>();
        _reading = reads;
        result = formula.Compute(Get);
        _reading = outer;
        return reads;
    }

    internal bool HasChanged(List<(int Node, long Version)> reads)
    {
        List<(int, long)>? outer = _reading;
        _reading = null;
        bool changed = reads.Any(read => VersionOf(read.Node) != read.Version);
        _reading = outer;
        return changed;
    }

    private int Get(int node)
    {
        if (node >= sources.Length && (_reads[node] is not { } reads || HasChanged(reads)))
        {
            Runs[node]++;
            _reads[node] = Read(formulas[node - sources.Length], out int value);
            if (_versions[node] == 0 || _values[node] != value)
            {
                _values[node] = value;
                _versions[node] = ++_lastVersion;
            }
        }

        if (_reading is not null && !_reading.Exists(read => read.Item1 == node))
        {
            _reading.Add((node, _versions[node]));
        }

        return _values[node];
    }
}
