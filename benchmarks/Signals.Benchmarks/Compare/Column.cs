namespace Signals.Benchmarks.Compare;

/// <summary>A column of the table.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Width">How many characters it has.</param>
/// <param name="Kinds">Whose figures stand in it.</param>
internal sealed record Column(string Title, int Width, PeerKind[] Kinds);
