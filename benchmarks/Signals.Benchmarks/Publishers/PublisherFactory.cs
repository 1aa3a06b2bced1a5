namespace Signals.Benchmarks.Publishers;

internal static class PublisherFactory
{
    /// <summary>Creates a publisher with the specified slots, in order.</summary>
    internal static TPublisher CreateWith<TPublisher, THandle, T>(ReadOnlySpan<Action<T>> slots)
        where TPublisher : struct, IPublisher<TPublisher, THandle, T>
        where THandle : struct
    {
        var publisher = TPublisher.Create();
        foreach (Action<T> slot in slots)
        {
            publisher.Connect(slot);
        }

        return publisher;
    }

    /// <summary>Creates a publisher with the remaining slots of many, which were disconnected in random order.</summary>
    internal static TPublisher CreateChurned<TPublisher, THandle, T>(ReadOnlySpan<Action<T>> slots, int left)
        where TPublisher : struct, IPublisher<TPublisher, THandle, T>
        where THandle : struct
    {
        var publisher = TPublisher.Create();
        var handles = new THandle[slots.Length];
        for (int i = 0; i < slots.Length; i++)
        {
            handles[i] = publisher.Connect(slots[i]);
        }

        RandomOrder.Shuffle(handles);
        foreach (THandle handle in handles.AsSpan(left))
        {
            publisher.Disconnect(handle);
        }

        return publisher;
    }

    /// <summary>Creates publishers with the specified slots, and returns their handles, those of each publisher in random order.</summary>
    internal static (TPublisher[] Publishers, THandle[] Handles) CreateToDrain<TPublisher, THandle, T>(int count, Action<T>[] slots)
        where TPublisher : struct, IPublisher<TPublisher, THandle, T>
        where THandle : struct
    {
        var publishers = new TPublisher[count];
        var handles = new List<THandle>(count * slots.Length);
        for (int i = 0; i < count; i++)
        {
            publishers[i] = TPublisher.Create();
            THandle[] ofOne = [.. slots.Select(publishers[i].Connect)];
            RandomOrder.Shuffle(ofOne);
            handles.AddRange(ofOne);
        }

        return (publishers, [.. handles]);
    }
}
