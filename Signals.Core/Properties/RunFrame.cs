namespace Signals;

/// <summary>A run of a computation or an effect.</summary>
/// <param name="firstRead">The position of the run's first read among those of the thread.</param>
/// <param name="run">The number of the run.</param>
/// <param name="isTracking">True if reads are recorded.</param>
/// <param name="isComputation">True inside a computation, where nothing may be written.</param>
internal struct RunFrame(int firstRead, long run, bool isTracking, bool isComputation)
{
    internal readonly int FirstRead = firstRead;
    internal readonly long Run = run;
    internal readonly bool IsComputation = isComputation;
    internal bool IsTracking = isTracking;
}
