namespace Signals;

/// <summary>The knowledge of a computation or an effect about its last run. Guarded by the lock of <see cref="PropertyGraph"/>.</summary>
internal struct ComputationState()
{
    /// <summary>The computation has a result.</summary>
    internal const byte HasRun = 1;

    /// <summary>The properties that the computation has read know of it: each of their changes marks it.</summary>
    internal const byte Observed = 2;

    /// <summary>Something that an observed computation has read may have changed. All its readers are stale too.</summary>
    internal const byte Stale = 4;

    /// <summary>
    /// The mark is one that ends no later mark's way, because the readers have not been queued: that of an open batch, or of an interrupted run.
    /// </summary>
    internal const byte Held = 8;

    /// <summary>The computation is in the queue of its scope.</summary>
    internal const byte Queued = 16;

    /// <summary>The computation has been disposed or unbound.</summary>
    internal const byte Ended = 32;

    /// <summary>The dependencies that the last run has read, in the order of the first reads.</summary>
    internal Dependency[] Dependencies = [];

    /// <summary>The position among the dependents of each dependency, while observed.</summary>
    internal int[] Positions = [];

    /// <summary>The epoch in which the result was the current one. Written after the result.</summary>
    internal long ValidAsOf;

    /// <summary>Number of threads that are running the computation.</summary>
    internal ushort Runs;

    /// <summary>Number of walks that are examining the dependencies.</summary>
    internal ushort Walks;

    internal byte Flags;

    internal readonly bool Is(byte flag) => (Flags & flag) != 0;

    internal void Set(int flags) => Volatile.Write(ref Flags, (byte)(Flags | flags));

    /// <summary>Records that there is a current result.</summary>
    internal void Renew() => Volatile.Write(ref Flags, (byte)((Flags | HasRun) & ~(Stale | Held)));

    /// <summary>Clears flags. A thread that sees a node without its mark sees the result that came before.</summary>
    internal void Clear(int flags) => Volatile.Write(ref Flags, (byte)(Flags & ~flags));
}
