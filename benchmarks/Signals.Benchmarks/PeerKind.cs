namespace Signals.Benchmarks;

/// <summary>Specifies the subject of a measurement: this library, or a kind of peer.</summary>
internal enum PeerKind
{
    Ours,
    Event,
    Rx,
    Other,
    AwaitedSocket,
    BlockingSocket,

    /// <summary>Shown and not compared with: what no publisher can be faster than.</summary>
    Floor,

    /// <summary>Not compared: it tells how fast the machine is at the moment.</summary>
    Baseline,
}
