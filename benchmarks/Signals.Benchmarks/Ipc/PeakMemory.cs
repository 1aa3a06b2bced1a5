namespace Signals.Benchmarks.Ipc;

/// <summary>The most managed memory that was in use, garbage included, above what there was before.</summary>
internal sealed class PeakMemory
{
    private const int CallsPerSample = 256;

    private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
    private long _peak;
    private int _calls;

    internal long Bytes => Math.Max(_peak, GC.GetTotalMemory(forceFullCollection: false)) - _before;

    /// <summary>Looks how much there is, each time that this was called often enough. Called by one thread.</summary>
    internal void Sample()
    {
        if (++_calls % CallsPerSample == 0)
        {
            _peak = Math.Max(_peak, GC.GetTotalMemory(forceFullCollection: false));
        }
    }
}
