using System.Net.Sockets;

namespace Signals.Tests.Ipc.Host;

internal static class Flood
{
    /// <summary>
    /// Sends calls and reads no replies, until the host has read nothing for a while that is long for a host that reads: so it has paused.
    /// </summary>
    internal static void Fill(RawClient client) =>
        Send(client, isEnough: () => !client.Socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite));

    /// <summary>Sends calls and reads no replies, until the host ends the connection.</summary>
    internal static void UntilEnded(RawClient client) =>
        Send(
            client,
            isEnough: () =>
            {
                client.Socket.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectWrite);
                return false;
            }
        );

    /// <param name="client">The client.</param>
    /// <param name="isEnough">Called whenever the host does not accept more data immediately.</param>
    private static void Send(RawClient client, Func<bool> isEnough)
    {
        client.Socket.Blocking = false;
        byte[] calls = RawClient.Encode(Enumerable.Range(0, 50).Select(_ => client.Call(1, new string('x', 1000))));
        int offset = 0;
        long deadline = Environment.TickCount64 + (long)Bounded.Limit.TotalMilliseconds;
        while (Environment.TickCount64 < deadline)
        {
            int sent = client.Socket.Send(calls.AsSpan(offset), SocketFlags.None, out SocketError error);
            if (error == SocketError.Success)
            {
                offset = (offset + sent) % calls.Length;
            }
            else if (error != SocketError.WouldBlock || isEnough())
            {
                return;
            }
        }

        throw new TimeoutException("The host continued to read from a client that reads no replies.");
    }
}
