using System.Net;
using System.Net.Sockets;

namespace Signals.Ipc.Sockets;

/// <summary>
/// The address of a socket file that outlives its socket. The runtime removes the path of a socket that was bound to a
/// <see cref="UnixDomainSocketEndPoint"/>, whoever's file is there by then: <see cref="SocketFile"/> looks first.
/// </summary>
internal sealed class KeptFileEndPoint(UnixDomainSocketEndPoint endPoint) : EndPoint
{
    public override AddressFamily AddressFamily => endPoint.AddressFamily;

    public override SocketAddress Serialize() => endPoint.Serialize();

    public override EndPoint Create(SocketAddress socketAddress) => endPoint.Create(socketAddress);
}
