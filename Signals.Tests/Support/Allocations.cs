using System.Runtime;
using NUnit.Framework;

namespace Signals.Tests.Support;

internal static class Allocations
{
    /// <summary>Returns the number of bytes that an action allocates on the current thread.</summary>
    /// <remarks>
    /// No collection takes place during the action: a collection that another thread starts would count the unused rest of this
    /// thread's allocation buffer, some kilobytes, as allocated.
    /// </remarks>
    internal static long Of(Action action)
    {
        long allocated = 0;
        Garbage.Keep(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(GCSettings.LatencyMode, Is.EqualTo(GCLatencyMode.NoGCRegion), "A collection has disturbed the measurement.");
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
