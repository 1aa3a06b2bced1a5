namespace Signals.Ipc.Threading;

/// <summary>
/// The connections of a process that compete for its threads: all those of its clients, or all those of its hosts. They observe which of them has read
/// last.
/// </summary>
internal sealed class SpinGroup
{
    /// <summary>The number of consecutive reads after which a connection counts as the only active one.</summary>
    private const int ReadsUntilAlone = 16;

    /// <summary>The member that has read last, or null. Written by each member without a lock: a lost write only delays the recognition of another one.</summary>
    private volatile object? _latest;

    /// <summary>Reports that a member has read. Returns true if no other member has read for some time.</summary>
    /// <param name="member">An object that stands for the member.</param>
    /// <param name="toWait">The number of reads until the member counts as the only active one, which the member stores. Zero at the beginning.</param>
    internal bool IsAlone(object member, ref int toWait)
    {
        if (_latest != member)
        {
            // The first member of a group has no other beside it.
            toWait = _latest is null ? 0 : ReadsUntilAlone;
            _latest = member;
        }
        else if (toWait > 0)
        {
            toWait--;
        }

        return toWait == 0;
    }
}
