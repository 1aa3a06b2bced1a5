namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A client that can end calls and streams early.</summary>
internal interface ICancelingClient
{
    /// <summary>Makes calls that do not end by themselves, one after the other, and cancels each at once. Returns their number.</summary>
    Task<long> CancelAsync(Turn turn);

    /// <summary>Begins long streams, one after the other, and leaves each after its first message. Returns their number.</summary>
    Task<long> LeaveAsync(Turn turn);
}
