using System.Runtime.InteropServices;

namespace Signals;

/// <summary>
/// The state that an <see cref="ArgumentStore{T}"/> writes with each added invocation, on a cache line separate from the state that is read
/// when invocations run.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 2 * EvaluatorState.Apart)]
internal struct StoreFilling
{
    /// <summary>The round to which arguments were last added.</summary>
    [FieldOffset(EvaluatorState.Apart)]
    internal long Round;

    /// <summary>The round to which arguments were added before <see cref="Round"/>.</summary>
    [FieldOffset(EvaluatorState.Apart + 8)]
    internal long RoundBefore;

    /// <summary>Number of locations used in <see cref="Round"/>.</summary>
    [FieldOffset(EvaluatorState.Apart + 16)]
    internal int Count;

    /// <summary>Number of locations used in <see cref="RoundBefore"/>.</summary>
    [FieldOffset(EvaluatorState.Apart + 20)]
    internal int CountBefore;

    /// <summary>Number of locations that the active compaction has filled.</summary>
    [FieldOffset(EvaluatorState.Apart + 24)]
    internal int Compacted;
}
