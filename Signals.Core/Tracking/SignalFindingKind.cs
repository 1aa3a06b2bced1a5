namespace Signals;

/// <summary>Specifies what is probably wrong with connections.</summary>
public enum SignalFindingKind
{
    /// <summary>A connection that keeps its target alive was made long ago and has not ended.</summary>
    NeverEnded,

    /// <summary>A signal has several connections that call the same method of the same object.</summary>
    MadeTwice,

    /// <summary>The slot of a connection that is not deferred is called on several threads.</summary>
    ManyThreads,
}
