namespace Signals;

/// <summary>Specifies what a node of a graph stands for.</summary>
internal enum NodeShape
{
    Signal,
    Slot,
    Evaluator,
    Import,
}
