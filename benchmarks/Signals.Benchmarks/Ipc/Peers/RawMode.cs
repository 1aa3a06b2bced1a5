namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>Specifies the way in which the host of raw sockets serves a connection. The first byte that a client sends.</summary>
internal enum RawMode : byte
{
    /// <summary>Returns all bytes, with awaited operations.</summary>
    Awaited,

    /// <summary>Returns all bytes, each <see cref="EchoText.Size"/> of them with a send of their own, with awaited operations.</summary>
    Unbatched,

    /// <summary>Returns all bytes, on a thread that blocks.</summary>
    Blocking,

    /// <summary>Returns all bytes, on a thread that spins for a while before it blocks.</summary>
    Spinning,

    /// <summary>Repeatedly receives a number of bytes, and the bytes; then returns one byte.</summary>
    Sink,

    /// <summary>Repeatedly receives a number of bytes, and sends as many.</summary>
    Source,
}
