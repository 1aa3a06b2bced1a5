using System.Net.Sockets;

namespace Signals.Ipc.Sockets;

/// <summary>Tells the failures that every socket has to expect from those that are mistakes.</summary>
internal static class SocketFailures
{
    internal static bool IsExpected(Exception exception) => exception is SocketException or ObjectDisposedException or OperationCanceledException;

    /// <summary>What such a failure means for an established connection.</summary>
    internal static DisconnectReason Describe(Exception exception) =>
        exception is SocketException socketException
            ? new DisconnectReason(DisconnectCause.ConnectionLost, $"The connection broke: {socketException.Message}.", exception)
            : new DisconnectReason(DisconnectCause.ClosedHere, "The connection was closed on this side.", exception);

    /// <summary>What a failure means for an attempt to connect, and what can be done.</summary>
    internal static DisconnectReason DescribeConnect(IpcEndpoint endpoint, Exception exception)
    {
        string advice = (exception as SocketException)?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "Nobody listens there: start the host, or let the client retry.",
            SocketError.AddressNotAvailable => "There is no such socket: start the host, or let the client retry.",
            SocketError.AccessDenied => "This user may not connect: have the host's owner change the socket file's mode, or run as that user.",
            SocketError.HostNotFound or SocketError.NoData => "The host's name is not known: check its spelling.",
            SocketError.ProtocolType or SocketError.Fault => "What is there is no stream socket: check the path.",
            SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable => "The machine cannot be reached.",
            _ => exception.Message,
        };
        return new DisconnectReason(DisconnectCause.ConnectFailed, $"Connecting to {endpoint} failed. {advice}", exception);
    }
}
