using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>
/// Proves that a path leads to the file of a given listening socket: a connection that is made through the path must arrive at that socket.
/// </summary>
internal static class OwnSocketProof
{
    /// <summary>Connects through the path and searches for that connection among those that the socket accepts.</summary>
    /// <returns>The clients that had connected before and were therefore accepted.</returns>
    /// <exception cref="IOException">The connection did not arrive: the path leads to another file.</exception>
    /// <exception cref="SocketException">The connection to the path failed, or the process has no descriptor left.</exception>
    internal static List<Socket> Prove(Socket listener, string name)
    {
        List<Socket> early = [];
        bool isProven = false;
        try
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

            // No other socket can have this name while the probe has it, so no other client can impersonate the probe.
            var own = new UnixDomainSocketEndPoint($"\0signals.ipc.probe.{Guid.NewGuid():N}");
            probe.Bind(own);

            // A foreign listener that accepts no clients must not make the host wait.
            probe.Blocking = false;
            probe.Connect(new UnixDomainSocketEndPoint(name));
            while (!isProven && listener.Poll(0, SelectMode.SelectRead))
            {
                Socket client = listener.Accept();
                if (own.Equals(client.RemoteEndPoint))
                {
                    client.Dispose();
                    isProven = true;
                }
                else
                {
                    early.Add(client);
                }
            }

            return isProven ? early : throw new IOException("The socket file was replaced while the host was starting");
        }
        finally
        {
            if (!isProven)
            {
                early.ForEach(client => client.Dispose());
            }
        }
    }
}
