namespace Signals.Ipc;

/// <summary>Behavior of a client when <see cref="IpcClientOptions.MaxBufferedStreamBytes"/> of a stream wait for its reader.</summary>
public enum StreamOverflow
{
    /// <summary>
    /// The client stops reading from the connection until the stream's reader has read half of the waiting bytes or has ended the stream. No reply is
    /// lost, and the host has to wait. The replies to other calls of the same client wait as well.
    /// </summary>
    Pause,

    /// <summary>The stream fails, and its further replies are lost. Other calls are not affected.</summary>
    Fail,
}
