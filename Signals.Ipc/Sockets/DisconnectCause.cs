namespace Signals.Ipc;

/// <summary>Why a connection, or a proxy's binding to a service, ended or did not come about.</summary>
public enum DisconnectCause
{
    /// <summary>The connection could not be made.</summary>
    ConnectFailed,

    /// <summary>The peer closed the connection.</summary>
    ClosedByPeer,

    /// <summary>The connection broke: the peer crashed, or the network failed.</summary>
    ConnectionLost,

    /// <summary>The peer sent what is not of the protocol, so that nothing that follows can be understood.</summary>
    ProtocolError,

    /// <summary>The peer did not take what was sent to it for too long.</summary>
    WriteTimeout,

    /// <summary>The peer said nothing for too long.</summary>
    IdleTimeout,

    /// <summary>This side ended the connection: it was disposed or stopped.</summary>
    ClosedLocally,

    /// <summary>The host refused the client, or the service that the proxy asked for.</summary>
    Refused,

    /// <summary>Another proxy of the same client is bound to the service already.</summary>
    AlreadyBound,

    /// <summary>The host did not reply to the request for a service in time.</summary>
    BindTimeout,
}
