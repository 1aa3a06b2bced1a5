using System.Net;
using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>Converts endpoints to the addresses of sockets.</summary>
internal static class SocketEndpoint
{
    /// <summary>Returns the address to bind or connect a socket to.</summary>
    internal static EndPoint ToEndPoint(this IpcEndpoint endpoint) =>
        endpoint.IsTcp
            ? IPAddress.TryParse(endpoint.Host, out IPAddress? address)
                ? new IPEndPoint(address, endpoint.Port!.Value)
                : new DnsEndPoint(endpoint.Host!, endpoint.Port!.Value)
            : new UnixDomainSocketEndPoint(endpoint.Path ?? $"\0{endpoint.ToString()[1..]}");

    /// <summary>Creates a socket of the kind that the endpoint needs.</summary>
    internal static Socket CreateSocket(this IpcEndpoint endpoint)
    {
        if (!endpoint.IsTcp)
        {
            return new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        }

        Socket socket = endpoint.ToEndPoint() is IPEndPoint { AddressFamily: var family }
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        TcpSettings.Apply(socket);
        return socket;
    }
}
