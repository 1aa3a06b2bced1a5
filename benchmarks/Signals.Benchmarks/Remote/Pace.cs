using System.Net.Sockets;

namespace Signals.Benchmarks.Remote;

/// <summary>Keeps an emitting loop from being further ahead of its receivers than a window: they acknowledge a number of values by each byte.</summary>
/// <param name="socket">The socket on which the bytes arrive.</param>
/// <param name="window">The maximum number of values that have not been acknowledged.</param>
/// <param name="interval">The number of values of a byte.</param>
internal sealed class Pace(Socket socket, int window, int interval)
{
    private readonly byte[] _bytes = new byte[64];
    private long _acknowledged;

    /// <summary>Waits until another interval of values may be emitted, or all are acknowledged.</summary>
    internal void Wait(long emitted, bool untilAll = false)
    {
        while (untilAll ? _acknowledged < emitted : emitted + interval - _acknowledged > window)
        {
            int count = socket.Receive(_bytes);
            _acknowledged += count == 0 ? throw new InvalidOperationException("The receiver has left.") : (long)count * interval;
        }
    }
}
