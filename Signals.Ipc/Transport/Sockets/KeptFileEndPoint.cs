using System.Net;
using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>
/// The address of a socket file that the runtime does not remove. The runtime deletes the path of a socket that was bound to a
/// <see cref="UnixDomainSocketEndPoint"/>, even if another process has replaced the file; <see cref="SocketFile"/> checks that first.
/// </summary>
internal sealed class KeptFileEndPoint(UnixDomainSocketEndPoint endPoint) : EndPoint
{
    public override AddressFamily AddressFamily => endPoint.AddressFamily;

    public override SocketAddress Serialize() => endPoint.Serialize();

    public override EndPoint Create(SocketAddress socketAddress) => endPoint.Create(socketAddress);
}
