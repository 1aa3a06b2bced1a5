using System.Runtime;
using NUnit.Framework;

namespace Signals.Tests.Support;

internal static class Garbage
{
    /// <summary>The number of bytes that all threads may allocate without a collection. What other tests have left behind may allocate, too.</summary>
    private const long QuietBytes = 200 << 20;

    /// <summary>Runs an action without garbage collections, except for those that it requests itself.</summary>
    internal static void Keep(Action action)
    {
        Assert.That(GC.TryStartNoGCRegion(QuietBytes), Is.True);
        try
        {
            action();
        }
        finally
        {
            // A collection that the action requested has ended the region without collections.
            if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            {
                GC.EndNoGCRegion();
            }
        }
    }

    /// <summary>Collects all unreachable objects, including those that finalizers kept alive.</summary>
    internal static void Collect()
    {
        for (int round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Returns the number of bytes in use after all unreachable objects have been collected.</summary>
    /// <remarks>
    /// <see cref="GC.GetTotalMemory"/> stops collecting when a collection changes the size by less than a twentieth of the whole process's
    /// memory, which is more than the sizes that a test checks.
    /// </remarks>
    internal static long RetainedBytes()
    {
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            Collect();
            least = Math.Min(least, GC.GetTotalMemory(forceFullCollection: false));
        }

        return least;
    }

    /// <summary>Returns the bytes that each run of an action leaves in use, without the one-time needs of the process.</summary>
    internal static long LeftBehindBy(Action action)
    {
        long least = long.MaxValue;
        long before = RetainedBytes();
        for (int i = 0; i < 3; i++)
        {
            action();
            long after = RetainedBytes();
            least = Math.Min(least, after - before);
            before = after;
        }

        return least;
    }
}
