using System.Diagnostics;

namespace Signals.Remote;

/// <summary>A pool of lists of items. Lists that are too long, or above the limit of the pool, are left to the garbage collector.</summary>
internal static class OutItemLists
{
    private const int MaxCount = 64;
    private const int MaxLength = 1024;

    private static readonly Lock Lock = new();
    private static readonly Stack<List<OutItem>> Unused = new();

    /// <summary>Returns an empty list.</summary>
    internal static List<OutItem> Rent()
    {
        lock (Lock)
        {
            AssertInvariants();
            return Unused.TryPop(out List<OutItem>? list) ? list : [];
        }
    }

    /// <summary>Returns a list to the pool. The caller must not use it afterwards.</summary>
    internal static void Return(List<OutItem> list)
    {
        list.Clear();
        if (list.Capacity > MaxLength)
        {
            return;
        }

        lock (Lock)
        {
            AssertInvariants();
            if (Unused.Count < MaxCount)
            {
                Unused.Push(list);
            }
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private static void AssertInvariants()
    {
        Debug.Assert(Lock.IsHeldByCurrentThread);
        Debug.Assert(Unused.Count <= MaxCount);
    }
}
