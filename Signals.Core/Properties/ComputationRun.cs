namespace Signals;

/// <summary>One run of a computation: what was stored when it began, and its result.</summary>
internal struct ComputationRun<T>
{
    internal Func<T> Compute;

    /// <summary>The epoch in which the run began.</summary>
    internal long Epoch;

    /// <summary>The value before the run.</summary>
    internal T Before;
    internal long VersionBefore;
    internal Exception? FailureBefore;

    /// <summary>Indicates whether the value before is the result of a run.</summary>
    internal bool HasRunBefore;

    /// <summary>The base when the run began: see <see cref="PropertyExtras{T}.BaseValue"/>.</summary>
    internal T Base;
    internal long BaseVersion;
    internal bool HasBase;

    internal T Value;
    internal Exception? Failure;

    /// <summary>Indicates whether the result equals that before.</summary>
    internal bool IsUnchanged;

    /// <summary>Indicates whether the result equals the base.</summary>
    internal bool IsBase;
}
