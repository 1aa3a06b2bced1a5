namespace Signals.Systematic;

/// <summary>Places at which threads take turns.</summary>
internal enum Interleaving
{
    /// <summary>At locks, tasks, volatile and interlocked operations.</summary>
    AtSynchronization,

    /// <summary>Also at reads and writes of fields. Coyote excludes the accessors of properties.</summary>
    AtFields,

    /// <summary>Also at branches. Coyote does not support both at the same time.</summary>
    AtBranches,
}
