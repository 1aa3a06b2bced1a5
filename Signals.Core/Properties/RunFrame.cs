namespace Signals;

/// <summary>A run of a computation or an effect.</summary>
internal struct RunFrame
{
    /// <summary>The computation or effect.</summary>
    internal PropertyBase Reader;

    /// <summary>The position of the run's first read among those of the thread.</summary>
    internal int FirstRead;

    /// <summary>Indicates whether the run is that of a computation, or inside one: nothing may be written.</summary>
    internal bool IsComputation;

    /// <summary>Indicates whether reads are recorded.</summary>
    internal bool IsTracking;

    /// <summary>The number of the run, which no other run of any thread has.</summary>
    internal long Run;
}
