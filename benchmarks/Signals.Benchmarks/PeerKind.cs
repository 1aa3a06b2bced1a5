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

    /// <summary>gRPC for .NET: Kestrel and Grpc.Net.Client.</summary>
    Grpc,

    /// <summary>StreamJsonRpc with its MessagePack formatter.</summary>
    JsonRpc,

    /// <summary>NATS.Net: its publisher and its subscription.</summary>
    Nats,

    /// <summary>MQTTnet: its broker and its clients.</summary>
    Mqtt,

    /// <summary>Raw sockets whose operations are awaited, which is the lower bound for a library with asynchronous calls.</summary>
    AwaitedSocket,
    BlockingSocket,

    /// <summary>Raw sockets on both sides of which a thread spins until data arrives.</summary>
    SpinningSocket,

    /// <summary>Shown, but not compared: the lower bound for any publisher.</summary>
    Floor,

    /// <summary>Not compared: a measure of the current speed of the machine.</summary>
    Baseline,
}
