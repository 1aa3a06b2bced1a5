using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>Classifies and describes the failures of sockets.</summary>
internal static class SocketFailures
{
    private const string NotAllowed = "This user may not create a socket there: choose another folder or port, or change the folder's mode.";
    private const string NoDescriptors = "The process has few or no descriptors left: close files and sockets, or raise its limit (ulimit -n).";

    /// <summary>Returns a value that indicates whether an exception is one that any socket can throw, rather than a bug.</summary>
    internal static bool IsExpected(Exception exception) => exception is SocketException or ObjectDisposedException or OperationCanceledException;

    /// <summary>Returns the reason for a failed attempt to connect, with advice.</summary>
    internal static DisconnectReason DescribeConnect(IpcEndpoint endpoint, Exception exception, bool willRetry = false)
    {
        string retry = IpcConnector.AdviseToRetry(willRetry);
        string advice = (exception as SocketException)?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused when endpoint.Path is { } path && !FileStatus.IsSocketAt(path) => "The file is not a socket: check the path.",
            SocketError.ConnectionRefused => $"No host is listening there: start the host{retry}",
            SocketError.AddressNotAvailable => $"There is no such socket: start the host{retry}",
            SocketError.AccessDenied => "This user may not connect: have the host's owner change the socket file's mode, or run as that user.",
            SocketError.ProtocolType or SocketError.Fault => "The file is not a stream socket: check the path.",
            SocketError.WouldBlock => willRetry
                ? "The queue of clients that wait for the host is full; the client tries again."
                : "The queue of clients that wait for the host is full: try again later, or let the client retry.",
            SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable => "The machine cannot be reached.",
            _ => Advise(exception, endpoint.Path is { } file ? FileStatus.ErrorAt(file) : 0),
        };
        return new DisconnectReason(DisconnectCause.ConnectFailed, $"Connecting to {endpoint} failed. {advice}", exception);
    }

    /// <summary>Returns the exception for a failed attempt to listen, with advice.</summary>
    internal static IpcException DescribeListen(IpcEndpoint endpoint, Exception exception)
    {
        string advice = (exception as SocketException)?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse when Directory.Exists(endpoint.Path) => "The path is a folder: choose another path.",
            SocketError.AddressAlreadyInUse => "The address is in use: stop the process that uses it, or choose another address.",
            SocketError.AccessDenied => NotAllowed,
            null when exception is UnauthorizedAccessException or IOException { HResult: SystemError.AccessDenied } => NotAllowed,
            SocketError.AddressNotAvailable when endpoint.IsTcp =>
                "This machine has no such address: choose one of its addresses, or 0.0.0.0 or [::] for all of them.",
            SocketError.AddressNotAvailable => "The folder does not exist: create it, or choose another path.",
            SocketError.AddressFamilyNotSupported => "This machine does not support that address family: choose another of its addresses.",
            _ => Advise(exception, 0),
        };
        return new IpcException($"Listening on {endpoint} failed. {advice}", exception);
    }

    /// <summary>Returns the exception for a socket file that could not be removed.</summary>
    internal static IpcException DescribeRemoval(IpcEndpoint endpoint, Exception exception) =>
        new(
            $"The socket file {endpoint} could not be removed ({exception.Message}). The host has closed everything else. Remove the file, or let the next host replace it.",
            exception
        );

    /// <param name="exception">The failure.</param>
    /// <param name="error">The system's error number, if the exception does not contain it.</param>
    private static string Advise(Exception exception, int error) =>
        (exception as SocketException)?.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData => "The host name cannot be resolved: check its spelling.",
            SocketError.TooManyOpenSockets => NoDescriptors,
            _ => (exception is IOException ? exception.HResult : error) switch
            {
                SystemError.TooManyFilesOfProcess => NoDescriptors,
                SystemError.TooManyFilesOfSystem => "The system has no descriptors left: close programs, or raise its limit (fs.file-max).",
                SystemError.FileSystemReadOnly => "The file system is read-only: choose a path on another file system, or mount it for writing.",
                SystemError.FileSystemFull => "The file system is full: free space or inodes, or choose a path on another file system.",
                SystemError.QuotaExceeded => "The user's disk quota is exceeded: remove files, or choose a path on another file system.",
                SystemError.NotAFolder => "A part of the path is not a folder: check the path.",
                SystemError.TooManyLinks => "The path contains too many links: check the path.",
                SystemError.NameTooLong => "A part of the path is longer than the file system allows: check the path.",
                _ => $"{exception.Message}: check the path or address.",
            },
        };
}
