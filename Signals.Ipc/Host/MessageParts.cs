using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Host;

/// <summary>Sends messages of the control service that may be larger than a frame.</summary>
internal static class MessageParts
{
    /// <summary>The maximum number of bytes of a part, so that it also fits into the frames of a client with a lower limit than the host.</summary>
    private const int MaxPart = 16 * 1024;

    /// <summary>The number of bytes of a frame besides a part.</summary>
    private const int FrameOverhead = 64;

    /// <summary>Sends an encoded message, as a stream of replies.</summary>
    internal static void Send(HostConnection connection, ulong requestId, byte[] message)
    {
        int partSize = Math.Min(MaxPart, connection.MaxFrameSize - FrameOverhead);
        int sent = 0;
        do
        {
            int length = Math.Min(partSize, message.Length - sent);
            byte[] reply = new MessagePart { Part = ByteString.CopyFrom(message, sent, length) }.ToByteArray();
            sent += length;
            bool hasMore = sent < message.Length;
            connection.Sender.Send(new InvokeMethodReplyFrame(requestId, success: true, hasMore, reply), hasMore ? SendTiming.Soon : SendTiming.Now);
        } while (sent < message.Length);
    }
}
