namespace Signals.Tests.Core.Properties;

/// <summary>A computation of a random graph: what it reads depends on what it has read.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Nodes">The nodes that it may read.</param>
internal sealed record Formula(int Kind, int[] Nodes)
{
    internal static Formula Random(Random random, int nodeCount)
    {
        int[] nodes = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => nodeCount - 1 - (int)(nodeCount * Math.Pow(random.NextDouble(), 2)))];
        return new Formula(random.Next(4), nodes);
    }

    internal int Compute(Func<int, int> read)
    {
        int first = read(Nodes[0]);
        return Kind switch
        {
            0 => unchecked(first + Nodes.Skip(1).Sum(read)),
            1 => first & 1,
            2 => first % 3 == 0 ? read(Nodes[^1]) : read(Nodes[Nodes.Length / 2]) - first,
            _ => Nodes.Skip(1).FirstOrDefault(node => read(node) % 2 == 0) + first,
        };
    }
}
