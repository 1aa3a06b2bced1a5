using System.Diagnostics;

namespace Signals.Remote;

/// <summary>A pool of lists of items. Lists that are too long, or above the limit of the pool, are left to the garbage collector.</summary>
internal sealed class OutItemLists
{
    private const int MaxCount = 64;
    private const int MaxLength = 1024;

    private readonly Lock _lock = new();
    private readonly Stack<List<OutItem>> _unused = new();

    /// <summary>Returns an empty list.</summary>
    internal List<OutItem> Rent()
    {
        lock (_lock)
        {
            AssertInvariants();
            return _unused.TryPop(out List<OutItem>? list) ? list : [];
        }
    }

    /// <summary>Returns a list to the pool. The caller must not use it afterwards.</summary>
    internal void Return(List<OutItem> list)
    {
        list.Clear();
        if (list.Capacity > MaxLength)
        {
            return;
        }

        lock (_lock)
        {
            AssertInvariants();
            if (_unused.Count < MaxCount)
            {
                _unused.Push(list);
            }
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_unused.Count <= MaxCount);
    }
}
