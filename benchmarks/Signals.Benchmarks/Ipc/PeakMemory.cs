namespace Signals.Benchmarks.Ipc;

/// <summary>The maximum increase of managed memory, including garbage.</summary>
internal sealed class PeakMemory
{
    private const int CallsPerSample = 256;

    private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
    private long _peak;
    private int _calls;

    internal long Bytes => Math.Max(_peak, GC.GetTotalMemory(forceFullCollection: false)) - _before;

    /// <summary>Measures the memory in every n-th call. Called by one thread.</summary>
    internal void Sample()
    {
        if (++_calls % CallsPerSample == 0)
        {
            _peak = Math.Max(_peak, GC.GetTotalMemory(forceFullCollection: false));
        }
    }
}
