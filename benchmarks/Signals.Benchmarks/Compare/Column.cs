namespace Signals.Benchmarks.Compare;

/// <summary>A column of the table.</summary>
/// <param name="Title">The heading of the column.</param>
/// <param name="Width">The number of characters.</param>
/// <param name="Kinds">The peers whose figures the column shows.</param>
internal sealed record Column(string Title, int Width, PeerKind[] Kinds);
