using System.Net;
using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>Creates the sockets of a listener. Waits for a few seconds at most, regardless of what other processes do at the path.</summary>
internal static class ListenerOpening
{
    private const int Backlog = 512;
    private const string LocalHost = "localhost";

    /// <summary>
    /// The maximum number of attempts to find a port that is free at all addresses, if the system chooses the port at the first one.
    /// </summary>
    private const int PortTries = 16;

    /// <exception cref="IpcException">The host cannot listen on the endpoint; the message states the reason and a remedy.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    internal static OpenedSockets Open(IpcEndpoint endpoint, UnixFileMode fileMode, CancellationToken cancellationToken)
    {
        try
        {
            ThrowIfFewDescriptors();
            if (endpoint.Path is not { } path)
            {
                return endpoint.IsTcp ? OpenTcp(endpoint, NeedsResolving(endpoint) ? Resolve(endpoint) : AddressesOf(endpoint)) : OpenAbstract(endpoint);
            }

            using var claim = new PathClaim(endpoint, path);
            while (!claim.TryTake())
            {
                Wait(cancellationToken);
            }

            return OpenFile(endpoint, path, fileMode);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            throw SocketFailures.DescribeListen(endpoint, exception);
        }
    }

    /// <summary>Creates the sockets without blocking the thread while it waits for another host or resolves a name.</summary>
    internal static async Task<OpenedSockets> OpenAsync(IpcEndpoint endpoint, UnixFileMode fileMode, CancellationToken cancellationToken)
    {
        try
        {
            ThrowIfFewDescriptors();
            if (endpoint.Path is not { } path)
            {
                return endpoint.IsTcp
                    ? OpenTcp(
                        endpoint,
                        NeedsResolving(endpoint) ? await ResolveAsync(endpoint, cancellationToken).ConfigureAwait(false) : AddressesOf(endpoint)
                    )
                    : OpenAbstract(endpoint);
            }

            using var claim = new PathClaim(endpoint, path);
            while (!claim.TryTake())
            {
                await Task.Delay(PathClaim.Pause, cancellationToken).ConfigureAwait(false);
            }

            return OpenFile(endpoint, path, fileMode);
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            throw SocketFailures.DescribeListen(endpoint, exception);
        }
    }

    private static bool IsFailure(Exception exception) => exception is SocketException or IOException or UnauthorizedAccessException or ArgumentException;

    /// <exception cref="IOException">The process has too few descriptors left to start.</exception>
    private static void ThrowIfFewDescriptors()
    {
        if (!DescriptorReserve.OfProcess().HasRoomToStart())
        {
            throw new IOException("Too many open files", SystemError.TooManyFilesOfProcess);
        }
    }

    private static void Wait(CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne(PathClaim.Pause);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static OpenedSockets OpenFile(IpcEndpoint endpoint, string path, UnixFileMode mode)
    {
        Socket socket = endpoint.CreateSocket();
        SocketFile? file = null;
        try
        {
            SocketFile.Bind(socket, (UnixDomainSocketEndPoint)endpoint.ToEndPoint(), path, mode);
            socket.Listen(Backlog);
            file = SocketFile.TakeOver(socket, path, mode, out IReadOnlyList<Socket> early);
            return new OpenedSockets(endpoint, [socket]) { File = file, Early = early };
        }
        finally
        {
            if (file is null)
            {
                socket.Dispose();
            }
        }
    }

    private static OpenedSockets OpenAbstract(IpcEndpoint endpoint)
    {
        Socket socket = endpoint.CreateSocket();
        try
        {
            socket.Bind(endpoint.ToEndPoint());
            socket.Listen(Backlog);
            return new OpenedSockets(endpoint, [socket]);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Listens on all of the addresses that belong to this machine, with one port.</summary>
    private static OpenedSockets OpenTcp(IpcEndpoint endpoint, IPAddress[] addresses)
    {
        for (int tries = 1; ; tries++)
        {
            List<Socket> sockets = [];
            try
            {
                int port = OpenAll(addresses, endpoint.Port!.Value, sockets);
                return new OpenedSockets(endpoint.WithPort(port), sockets);
            }
            catch (SocketException exception)
            {
                bool isChosenPortInUse = endpoint.Port == 0 && sockets.Count > 0 && exception.SocketErrorCode == SocketError.AddressAlreadyInUse;
                sockets.ForEach(socket => socket.Dispose());
                if (!isChosenPortInUse || tries == PortTries)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Listens on each address that belongs to this machine. Sockets are added to the list even if a later one fails.</summary>
    /// <returns>The port.</returns>
    /// <exception cref="SocketException">No address belongs to this machine, or the port is in use at one of them.</exception>
    private static int OpenAll(IPAddress[] addresses, int port, List<Socket> sockets)
    {
        SocketException? missing = null;
        foreach (IPAddress address in addresses)
        {
            try
            {
                sockets.Add(OpenAddress(new IPEndPoint(address, port)));
                port = ((IPEndPoint)sockets[^1].LocalEndPoint!).Port;
            }
            catch (SocketException exception) when (IsMissing(exception.SocketErrorCode))
            {
                missing = exception;
            }
        }

        return sockets.Count > 0 ? port : throw missing ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static bool IsMissing(SocketError error) =>
        error is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported;

    private static Socket OpenAddress(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            TcpSettings.Apply(socket);
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                // [::] means the addresses of both families.
                socket.DualMode = true;
            }

            socket.Bind(address);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Returns a value that indicates whether the host of the endpoint is a name that must be resolved.</summary>
    private static bool NeedsResolving(IpcEndpoint endpoint) => !IsLocalHost(endpoint) && !IPAddress.TryParse(endpoint.Host, out _);

    private static bool IsLocalHost(IpcEndpoint endpoint) => LocalHost.Equals(endpoint.Host, StringComparison.OrdinalIgnoreCase);

    private static IPAddress[] AddressesOf(IpcEndpoint endpoint) =>
        IsLocalHost(endpoint) ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Parse(endpoint.Host!)];

    private static IPAddress[] Resolve(IpcEndpoint endpoint) => [.. Dns.GetHostAddresses(endpoint.Host!).Distinct()];

    private static async Task<IPAddress[]> ResolveAsync(IpcEndpoint endpoint, CancellationToken cancellationToken) =>
        [.. (await Dns.GetHostAddressesAsync(endpoint.Host!, cancellationToken).ConfigureAwait(false)).Distinct()];
}
