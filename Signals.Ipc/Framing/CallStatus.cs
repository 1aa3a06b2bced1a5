using System.Text;
using System.Text.Unicode;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>The status of a call that failed, as a reply carries it.</summary>
/// <param name="Code">The code.</param>
/// <param name="Message">The text for people, or an empty string.</param>
internal readonly record struct CallStatus(IpcStatusCode Code, string Message)
{
    /// <summary>The maximum number of bytes of a text that is sent.</summary>
    internal const int MaxMessageSize = 4 * 1024;

    private static readonly uint CodeTag = WireReader.VarintTag(IPCFrame.Types.InvokeMethodReply.StatusCodeFieldNumber);
    private static readonly uint MessageTag = WireReader.LengthDelimitedTag(IPCFrame.Types.InvokeMethodReply.StatusMessageFieldNumber);

    /// <summary>Reads the status from the fields of a reply, which have been parsed before. An odd one is unknown.</summary>
    internal static CallStatus Read(ReadOnlySpan<byte> fields)
    {
        var reader = new WireReader(fields);
        var code = IpcStatusCode.Unknown;
        string message = "";
        while (!reader.IsAtEnd && reader.TryReadTag(out uint tag))
        {
            if (tag == CodeTag && reader.TryReadVarint(out ulong number))
            {
                code = number is > (ulong)IpcStatusCode.OK and <= (ulong)IpcStatusCode.Unauthenticated ? (IpcStatusCode)number : IpcStatusCode.Unknown;
            }
            else if (tag == MessageTag && reader.TryReadBytes(out ReadOnlySpan<byte> text))
            {
                message = Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : "";
            }
            else if (tag != CodeTag && tag != MessageTag && !reader.TrySkip(tag, depth: 1))
            {
                break;
            }
        }

        return new CallStatus(code, message);
    }

    /// <summary>Encodes the text for a frame in which a number of bytes are left. A text that is too long is cut between two characters.</summary>
    internal byte[] EncodeMessage(int room)
    {
        byte[] encoded = Encoding.UTF8.GetBytes(Message);
        int limit = Math.Clamp(room, 0, MaxMessageSize);
        if (encoded.Length <= limit)
        {
            return encoded;
        }

        // The bytes of a character after the first one are 10xxxxxx.
        while (limit > 0 && (encoded[limit] & 0xC0) == 0x80)
        {
            limit--;
        }

        return encoded[..limit];
    }
}
