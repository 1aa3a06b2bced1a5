using System.Buffers.Binary;
using System.Text;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>
/// The few frames that programs need that speak the protocol without this library: {length, IPCFrame}, of which the request id is field 2, and the
/// contents are field 3 (bind), 4 (reply to bind), 5 (call) or 6 (reply).
/// </summary>
internal static class WireFrames
{
    internal const int PrefixSize = 4;
    internal const uint Bind = 3;
    internal const uint Call = 5;

    private const uint BindReply = 4;
    private const uint Reply = 6;
    private const uint RequestId = 2;
    private const uint ArgumentsField = 3;
    private const int NumberKind = 0;
    private const int BytesKind = 2;

    /// <summary>Requests the id 1 for a service.</summary>
    internal static byte[] EncodeBind(ulong requestId, string service) => Encode(requestId, Bind, Field(1, Encoding.UTF8.GetBytes(service)));

    internal static byte[] EncodeBindReply(ulong requestId, params IReadOnlyList<string> methods) =>
        Encode(
            requestId,
            BindReply,
            [
                .. Field(1, 1),
                .. Field(2, 1),
                .. methods.SelectMany((name, i) => Field(3, [.. Field(1, (ulong)i + 1), .. Field(2, Encoding.UTF8.GetBytes(name))])),
            ]
        );

    /// <summary>Calls the first method of the first service with a message whose field 1 is a text.</summary>
    internal static byte[] EncodeCall(ulong requestId, string text) =>
        Encode(requestId, Call, [.. Field(1, 1), .. Field(2, 1), .. Field(ArgumentsField, Field(1, Encoding.UTF8.GetBytes(text)))]);

    internal static byte[] EncodeReply(ulong requestId, ReadOnlySpan<byte> message) => Encode(requestId, Reply, [.. Field(1, 1), .. Field(3, message)]);

    /// <summary>Returns the size of the first frame with its prefix, or zero if it is incomplete.</summary>
    internal static int SizeOfFirst(ReadOnlySpan<byte> received) =>
        received.Length >= PrefixSize && BinaryPrimitives.ReadInt32LittleEndian(received) + PrefixSize is int size && size <= received.Length ? size : 0;

    /// <summary>Returns the request id of a frame, the field of its contents, and the arguments of a call.</summary>
    internal static (ulong RequestId, uint Contents) Parse(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> arguments)
    {
        (ulong Id, uint Contents) parsed = default;
        arguments = default;
        while (ReadField(ref frame, out uint field, out ulong number, out ReadOnlySpan<byte> bytes))
        {
            if (field == RequestId)
            {
                parsed.Id = number;
                continue;
            }

            parsed.Contents = field;
            while (field == Call && ReadField(ref bytes, out uint part, out _, out ReadOnlySpan<byte> value))
            {
                arguments = part == ArgumentsField ? value : arguments;
            }
        }

        return parsed;
    }

    private static byte[] Encode(ulong requestId, uint contents, byte[] body)
    {
        byte[] frame = [0, 0, 0, 0, .. Field(RequestId, requestId), .. Field(contents, body)];
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - PrefixSize);
        return frame;
    }

    private static byte[] Field(uint field, ulong number) => [.. Number((field << 3) | NumberKind), .. Number(number)];

    private static byte[] Field(uint field, ReadOnlySpan<byte> bytes) => [.. Number((field << 3) | BytesKind), .. Number((ulong)bytes.Length), .. bytes];

    private static byte[] Number(ulong number)
    {
        var bytes = new List<byte>();
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
        return [.. bytes];
    }

    private static bool ReadField(scoped ref ReadOnlySpan<byte> rest, out uint field, out ulong number, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        number = 0;
        field = 0;
        if (rest.IsEmpty)
        {
            return false;
        }

        ulong tag = ReadNumber(ref rest);
        field = (uint)(tag >> 3);
        number = ReadNumber(ref rest);
        if ((tag & 7) == BytesKind)
        {
            bytes = rest[..(int)number];
            rest = rest[(int)number..];
        }

        return true;
    }

    private static ulong ReadNumber(scoped ref ReadOnlySpan<byte> rest)
    {
        ulong number = 0;
        int shift = 0;
        while (true)
        {
            byte next = rest[0];
            rest = rest[1..];
            number |= (ulong)(next & 0x7F) << shift;
            shift += 7;
            if (next < 0x80)
            {
                return number;
            }
        }
    }
}
