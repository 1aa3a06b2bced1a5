namespace Signals.Ipc;

/// <summary>Behavior of a client when <see cref="IpcClientOptions.MaxBufferedStreamBytes"/> of a stream wait for its reader.</summary>
public enum StreamOverflow
{
    /// <summary>
    /// The client stops reading from the connection until the stream's reader has read half of what waits, or has ended the stream. Nothing is lost,
    /// and the host is made to wait. The replies to other calls of the same client wait meanwhile, too.
    /// </summary>
    Pause,

    /// <summary>Only the stream fails. Its further replies are lost; other calls are not affected.</summary>
    Fail,
}
