namespace Signals;

/// <summary>
/// What the id of a place in a dense table says, in 64 bits so that it is read and written whole.
/// <list type="bullet">
/// <item>A place in use: its <see cref="GenIndex"/>, the generation in the upper half.</item>
/// <item>A hole (upper half 0): how many places to go on by. The first place of a run of holes says how long the run is; the last one
/// says so too, marked as <see cref="Backward"/>, for whoever erases the place behind it. Those between say something that was true of
/// a shorter run and is still safe to follow, because a hole is never filled again.</item>
/// <item>Zero: not used yet.</item>
/// </list>
/// </summary>
internal static class DenseId
{
    internal const ulong Unused = 0;
    private const uint Backward = 0x8000_0000;

    internal static ulong Live(GenIndex index) => ((ulong)index.Generation << 32) | index.Index;

    internal static ulong Hole(int length) => (uint)length;

    /// <summary>Without a branch, as <see cref="RunLength"/>: where holes come about in no order, no processor guesses what is beside them.</summary>
    internal static ulong HoleEnd(int length) => ((uint)(1 - length) & Backward) | (uint)length;

    internal static bool IsLive(ulong id) => id >> 32 != 0;

    internal static GenIndex Index(ulong id) => new((uint)id, (uint)(id >> 32));

    /// <summary>The length of the run that a hole begins or ends; 0 for a place that is none.</summary>
    internal static int RunLength(ulong id)
    {
        int length = (int)((uint)id & ~Backward);
        return IsLive(id) ? 0 : length;
    }

    /// <summary>How far it is from a place without a value to the next one that may have one.</summary>
    internal static int Step(ulong id) => IsLive(id) || ((uint)id & Backward) != 0 ? 1 : Math.Max(1, (int)(uint)id);
}
