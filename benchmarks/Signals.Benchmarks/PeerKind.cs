namespace Signals.Benchmarks;

/// <summary>Specifies the subject of a measurement: this library, or a kind of peer.</summary>
internal enum PeerKind
{
    Ours,
    Event,
    Rx,

    /// <summary>R3: its Subject or its ReactiveProperty.</summary>
    R3,

    /// <summary>ObservableObject of CommunityToolkit.Mvvm.</summary>
    Toolkit,
    Other,
    AwaitedSocket,
    BlockingSocket,

    /// <summary>Shown, but not compared: the lower bound for any publisher.</summary>
    Floor,

    /// <summary>Not compared: a measure of the current speed of the machine.</summary>
    Baseline,
}
