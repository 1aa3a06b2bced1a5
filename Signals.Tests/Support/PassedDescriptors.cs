using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Signals.Tests.Support;

/// <summary>
/// Descriptors as a service manager passes them: copies of those of the given sockets, with consecutive numbers, which child processes inherit.
/// </summary>
internal sealed class PassedDescriptors : IDisposable
{
    /// <summary>The command of <c>fcntl</c> that copies a descriptor to a number that is free (<c>F_DUPFD</c>).</summary>
    private const int Duplicate = 0;

    /// <summary>Above those of the process, so that consecutive numbers are free.</summary>
    private const int Lowest = 500;

    private readonly Socket[] _sockets;

    internal PassedDescriptors(params Socket[] sockets)
    {
        _sockets = sockets;
        int first = -1;
        for (int i = 0; i < sockets.Length; i++)
        {
            int copy = ControlDescriptor((int)sockets[i].Handle, Duplicate, i == 0 ? Lowest : first + i);
            first = i == 0 ? copy : first;
            if (copy < 0 || copy != first + i)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }
        }

        First = first;
    }

    /// <summary>Gets the number of the first one.</summary>
    internal int First { get; }

    internal static Socket ListenAt(string path) =>
        Listen(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path));

    internal static Socket ListenOnTcp() =>
        Listen(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Closes a copy that no one has taken.</summary>
    internal static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    /// <summary>Returns a value that indicates whether child processes inherit a descriptor.</summary>
    internal static bool IsInherited(int descriptor)
    {
        string flags = File.ReadLines($"/proc/self/fdinfo/{descriptor.ToString(CultureInfo.InvariantCulture)}")
            .Single(line => line.StartsWith("flags:", StringComparison.Ordinal));
        const int CloseOnExecute = 0x8_0000;
        return (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & CloseOnExecute) == 0;
    }

    public void Dispose() => Array.ForEach(_sockets, socket => socket.Dispose());

    private static Socket Listen(Socket socket, EndPoint endPoint)
    {
        socket.Bind(endPoint);
        socket.Listen(8);
        return socket;
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static extern int ControlDescriptor(int descriptor, int command, int argument);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int CloseDescriptor(int descriptor);
}
