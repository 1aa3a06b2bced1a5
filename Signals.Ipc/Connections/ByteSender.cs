using Signals.Ipc.Transport;

namespace Signals.Ipc.Connections;

/// <summary>Passes buffers to the system in parts, by which the progress of the peer is observed. Used by one thread at a time.</summary>
/// <param name="buffers">Counts the bytes.</param>
/// <param name="watch">Watches the sends that wait for the peer.</param>
/// <param name="onSent">Called after the system has accepted bytes.</param>
internal sealed class ByteSender(SendBuffers buffers, WriteWatch watch, Action<int> onSent)
{
    /// <summary>
    /// The maximum number of bytes that are passed to the system at once. Progress is observed, and required, in units of this size.
    /// </summary>
    private const int MaxSendSize = 16 * 1024;

    /// <summary>
    /// The maximum send size for a peer that has been slow. The system reports only blocks that the peer has read completely, so they are small;
    /// this is fast enough for such a peer.
    /// </summary>
    private const int MaxSlowSendSize = 1024;

    /// <summary>Sends the buffer that has been taken.</summary>
    internal async ValueTask SendAsync(IpcTransport transport)
    {
        ReadOnlyMemory<byte> rest = buffers.Sending;
        while (!rest.IsEmpty)
        {
            ReadOnlyMemory<byte> part = rest[..Math.Min(rest.Length, watch.IsSlow ? MaxSlowSendSize : MaxSendSize)];
            buffers.Offer(part.Length);
            ValueTask<int> sending = transport.SendAsync(part);
            int count;
            if (sending.IsCompleted)
            {
                count = sending.GetAwaiter().GetResult();
            }
            else
            {
                watch.Begin(transport);
                count = await sending.ConfigureAwait(false);
                watch.End();
            }

            rest = rest[count..];
            onSent(count);
        }
    }
}
