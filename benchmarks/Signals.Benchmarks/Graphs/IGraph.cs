namespace Signals.Benchmarks.Graphs;

/// <summary>A graph of numbers that depend on each other.</summary>
internal interface IGraph
{
    /// <summary>Adds a number that is set. Returns the delegates that read and set it.</summary>
    (Func<int> Read, Action<int> Set) AddSource(int value);

    /// <summary>Adds a number that is computed from those before it. Returns the delegate that reads it.</summary>
    Func<int> AddNode(Func<int> compute);

    /// <summary>Connects a slot to a computed number, given by its reading delegate.</summary>
    void Observe(Func<int> node);

    /// <summary>Combines several sets into one change.</summary>
    void SetTogether(Action sets);
}
