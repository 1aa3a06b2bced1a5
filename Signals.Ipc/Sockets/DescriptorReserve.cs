using System.Net.Sockets;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Descriptors that are kept back from clients and given up when they run out: a process that has none left can not even ask how much memory
/// there is, and the runtime gives up.
/// </summary>
internal sealed class DescriptorReserve : IDisposable
{
    private const int Count = 16;

    private readonly Stack<Socket> _held = new();

    /// <summary>Takes what is missing of the reserve, and sees to it that there is a descriptor for one client more.</summary>
    /// <exception cref="SocketException">There are too few.</exception>
    internal void Fill()
    {
        while (_held.Count <= Count)
        {
            _held.Push(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        }

        _held.Pop().Dispose();
    }

    /// <summary>Gives the reserve to those who need it. It can be filled again.</summary>
    public void Dispose()
    {
        while (_held.TryPop(out Socket? socket))
        {
            socket.Dispose();
        }
    }
}
