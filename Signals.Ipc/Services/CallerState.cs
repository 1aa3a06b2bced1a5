namespace Signals.Ipc.Services;

/// <summary>Whether a client takes answers.</summary>
internal enum CallerState
{
    /// <summary>It takes answers.</summary>
    Ready,

    /// <summary>As much as may wait for it to read is waiting.</summary>
    Full,

    /// <summary>It has gone.</summary>
    Gone,
}
