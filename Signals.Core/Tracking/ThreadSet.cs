namespace Signals;

/// <summary>The first threads that have done something. Thread-safe and without a lock.</summary>
internal sealed class ThreadSet
{
    /// <summary>The maximum number of threads that are told apart.</summary>
    internal const int Limit = 16;

    /// <summary>The identifiers of the threads. The array is replaced and never changed.</summary>
    private int[] _ids = [];

    internal int Count => Volatile.Read(ref _ids).Length;

    internal void Add(int id)
    {
        while (true)
        {
            int[] ids = Volatile.Read(ref _ids);
            if (ids.Length >= Limit || Array.IndexOf(ids, id) >= 0 || Interlocked.CompareExchange(ref _ids, [.. ids, id], ids) == ids)
            {
                return;
            }
        }
    }
}
