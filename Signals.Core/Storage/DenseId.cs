namespace Signals;

/// <summary>
/// Encoding of the id of an entry in a dense table, in 64 bits, so that it is read and written atomically.
/// <list type="bullet">
/// <item>Entry in use: its <see cref="GenIndex"/>, with the generation in the upper half.</item>
/// <item>Hole (upper half 0): the number of entries to skip. The first entry of a run of holes contains the length of the run. The last one
/// does too, marked as <see cref="Backward"/>, for the erasure of the entry after it. Those between contain values that were correct for a
/// shorter run and are still safe to follow, because a hole is never filled again.</item>
/// <item>Zero: not used yet.</item>
/// </list>
/// </summary>
internal static class DenseId
{
    internal const ulong Unused = 0;
    private const uint Backward = 0x8000_0000;

    internal static ulong Live(GenIndex index) => ((ulong)index.Generation << 32) | index.Index;

    internal static ulong Hole(int length) => (uint)length;

    /// <summary>
    /// Returns the id of the last entry of a run of holes. Without a branch, like <see cref="RunLength"/>: if entries are erased in random
    /// order, the processor cannot predict whether the adjacent ones are holes.
    /// </summary>
    internal static ulong HoleEnd(int length) => ((uint)(1 - length) & Backward) | (uint)length;

    internal static bool IsLive(ulong id) => id >> 32 != 0;

    internal static GenIndex Index(ulong id) => new((uint)id, (uint)(id >> 32));

    /// <summary>Returns the length of the run that begins or ends with a hole, or 0 for an entry that is not a hole.</summary>
    internal static int RunLength(ulong id)
    {
        int length = (int)((uint)id & ~Backward);
        return IsLive(id) ? 0 : length;
    }

    /// <summary>Returns the distance from an entry without a value to the next one that may have a value.</summary>
    internal static int Step(ulong id) => IsLive(id) || ((uint)id & Backward) != 0 ? 1 : Math.Max(1, (int)(uint)id);
}
