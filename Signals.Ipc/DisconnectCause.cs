namespace Signals.Ipc;

/// <summary>Specifies the cause for which a connection, or the binding of a proxy to a service, ended or was not established.</summary>
public enum DisconnectCause
{
    /// <summary>The connection could not be established.</summary>
    ConnectFailed,

    /// <summary>The peer closed the connection.</summary>
    ClosedByPeer,

    /// <summary>The connection was lost: the peer crashed, or the network failed.</summary>
    ConnectionLost,

    /// <summary>The peer violated the protocol, so that subsequent data cannot be interpreted.</summary>
    ProtocolError,

    /// <summary>The peer accepted no data for too long.</summary>
    WriteTimeout,

    /// <summary>The peer sent no data for too long.</summary>
    IdleTimeout,

    /// <summary>This side closed the connection: the client or the host was disposed or stopped.</summary>
    ClosedLocally,

    /// <summary>The host refused the client, or does not expose the service of the proxy.</summary>
    Refused,

    /// <summary>Another proxy of the same client is already bound to the service.</summary>
    AlreadyBound,

    /// <summary>The host did not reply to the request for a service in time.</summary>
    BindTimeout,

    /// <summary>The host was stopped: it had reported that it was stopping before the connection ended.</summary>
    HostStopping,

    /// <summary>The peer sent nothing within the time of the option <c>KeepAlive</c>, not even a reply to a ping: it has vanished, or it hangs.</summary>
    KeepAliveTimeout,
}
