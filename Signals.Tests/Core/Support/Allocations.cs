using System.Runtime;
using NUnit.Framework;

namespace Signals.Tests.Core;

internal static class Allocations
{
    private const long QuietBytes = 32 << 20;

    /// <summary>The bytes that the action allocates on this thread.</summary>
    /// <remarks>
    /// No collection takes place meanwhile: one that another thread starts would count the unused rest of this thread's
    /// allocation buffer, some kilobytes, as allocated.
    /// </remarks>
    internal static long Of(Action action)
    {
        Assert.That(GC.TryStartNoGCRegion(QuietBytes), Is.True);
        try
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        finally
        {
            // A collection that was demanded meanwhile has ended it.
            if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            {
                GC.EndNoGCRegion();
            }
        }
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
