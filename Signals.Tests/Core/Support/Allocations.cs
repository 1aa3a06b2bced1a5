namespace Signals.Tests.Core;

internal static class Allocations
{
    /// <summary>The bytes that the action allocates on this thread.</summary>
    /// <remarks>
    /// No collection takes place meanwhile: one that another thread starts would count the unused rest of this thread's
    /// allocation buffer, some kilobytes, as allocated.
    /// </remarks>
    internal static long Of(Action action)
    {
        long allocated = 0;
        Garbage.Keep(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        return allocated;
    }

    internal static long Of(int times, Action action) =>
        Of(() =>
        {
            for (int i = 0; i < times; i++)
            {
                action();
            }
        });
}
