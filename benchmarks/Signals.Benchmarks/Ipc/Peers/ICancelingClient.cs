namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A client that can end calls and streams early.</summary>
internal interface ICancelingClient
{
    /// <summary>Makes a call that does not end by itself, cancels it at once, and completes when it has been canceled.</summary>
    Task CancelOnceAsync();

    /// <summary>Begins a long stream and leaves it after its first message.</summary>
    Task LeaveOnceAsync();
}
