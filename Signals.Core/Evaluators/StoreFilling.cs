using System.Runtime.InteropServices;

namespace Signals;

/// <summary>What an <see cref="ArgumentStore{T}"/> writes with each invocation that is added, apart from what is read when one is run.</summary>
[StructLayout(LayoutKind.Explicit, Size = 2 * EvaluatorState.Apart)]
internal struct StoreFilling
{
    /// <summary>The round that was added to last.</summary>
    [FieldOffset(EvaluatorState.Apart)]
    internal long Round;

    /// <summary>The round that was added to before that one.</summary>
    [FieldOffset(EvaluatorState.Apart + 8)]
    internal long RoundBefore;

    /// <summary>How many places that round has used.</summary>
    [FieldOffset(EvaluatorState.Apart + 16)]
    internal int Count;

    /// <summary>How many places the one before has used.</summary>
    [FieldOffset(EvaluatorState.Apart + 20)]
    internal int CountBefore;

    /// <summary>How far a compaction has filled what is queued.</summary>
    [FieldOffset(EvaluatorState.Apart + 24)]
    internal int Compacted;
}
