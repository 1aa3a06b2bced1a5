namespace Signals;

/// <summary>Specifies what an evaluator does with the emission of a deferred connection.</summary>
internal enum Admission
{
    /// <summary>It queues an invocation.</summary>
    Queued,

    /// <summary>It replaces the arguments of the invocation that is queued.</summary>
    Replaced,

    /// <summary>It does nothing.</summary>
    Skipped,
}
