namespace Signals.Benchmarks.Publishers;

internal static class PublisherFactory
{
    /// <summary>A publisher with these slots, in order.</summary>
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

    /// <summary>A publisher that has had many slots, of which some are left, disconnected in random order.</summary>
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
}
