namespace Signals.Tests.Core;

internal static class Garbage
{
    /// <summary>Collects everything that is unreachable, what finalizers held on to included.</summary>
    internal static void Collect()
    {
        for (int round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
