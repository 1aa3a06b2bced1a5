using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Held by a host from its look at what is on its path until it listens there, so that of several hosts that find the same dead socket file one
/// replaces it and the others find that one alive.
/// </summary>
/// <remarks>It is an abstract socket, of whose name there is one: it needs no file, and goes with its process. Other systems than Linux have none.</remarks>
internal sealed class StartLock : IDisposable
{
    /// <summary>No host takes so long to start. Whoever only keeps the name must not keep hosts from starting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;

    private StartLock(Socket socket) => _socket = socket;

    /// <summary>Waits for the lock of a path. Null where there is none.</summary>
    internal static StartLock? Take(string path) => Take(path, Patience);

    /// <summary>Waits for the lock of a path, so long at most.</summary>
    internal static StartLock? Take(string path, TimeSpan patience)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path)));
        var name = new UnixDomainSocketEndPoint($"\0signals.ipc.start.{Convert.ToHexString(hash)}");
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Bind(name);
                return new StartLock(socket);
            }
            catch (SocketException) when (waiting.Elapsed < patience)
            {
                socket.Dispose();
                Thread.Sleep(1);
            }
            catch (SocketException)
            {
                socket.Dispose();
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
