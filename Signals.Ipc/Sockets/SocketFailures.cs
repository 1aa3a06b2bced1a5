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
            SocketError.ConnectionRefused when endpoint.Path is { } path && !SocketFile.IsSocket(path) => "What is there is no socket: check the path.",
            SocketError.ConnectionRefused => "Nobody listens there: start the host, or let the client retry.",
            SocketError.AddressNotAvailable => "There is no such socket: start the host, or let the client retry.",
            SocketError.AccessDenied => "This user may not connect: have the host's owner change the socket file's mode, or run as that user.",
            SocketError.ProtocolType or SocketError.Fault => "What is there is no stream socket: check the path.",
            SocketError.WouldBlock => "More clients wait for the host than the system lets wait: try again later, or let the client retry.",
            SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable => "The machine cannot be reached.",
            _ => Advise(exception),
        };
        return new DisconnectReason(DisconnectCause.ConnectFailed, $"Connecting to {endpoint} failed. {advice}", exception);
    }

    /// <summary>What a failure means for an attempt to listen, and what can be done.</summary>
    internal static IpcException DescribeListen(IpcEndpoint endpoint, Exception exception)
    {
        string advice = (exception as SocketException)?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse when Directory.Exists(endpoint.Path) => "There is a folder: choose another path.",
            SocketError.AddressAlreadyInUse => "The address is in use: stop whoever uses it, or choose another one.",
            SocketError.AccessDenied => "This user may not make a socket there: choose another folder or port, or change the folder's mode.",
            SocketError.AddressNotAvailable when endpoint.IsTcp => "This machine has no such address: choose one of its own, or 0.0.0.0 for all of them.",
            SocketError.AddressNotAvailable => "The folder does not exist: create it, or choose another path.",
            _ => Advise(exception),
        };
        return new IpcException($"Listening on {endpoint} failed. {advice}", exception);
    }

    private static string Advise(Exception exception) =>
        (exception as SocketException)?.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData => "The host's name is not known: check its spelling.",
            SocketError.TooManyOpenSockets => "The process has no descriptors left: close what is open, or raise its limit (ulimit -n).",
            _ => $"{exception.Message}: check the path or address.",
        };
}
