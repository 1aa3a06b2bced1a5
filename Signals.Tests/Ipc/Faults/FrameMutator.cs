using System.Buffers.Binary;
using Google.Protobuf;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Faults;

/// <summary>Creates framed payloads that are mostly invalid: mutations of real frames, and noise. Equal seeds produce equal bytes.</summary>
internal sealed class FrameMutator(int seed)
{
    private const int MaxNoise = 64;

    private static readonly byte[][] Models =
    [
        .. new IPCFrame[]
        {
            new()
            {
                RequestId = 3,
                MsgBindService = new IPCFrame.Types.BindService { ServiceName = "Greeter" },
            },
            GreeterFrames.Call(4, 1, "Ada"),
            GreeterFrames.Call(5, 3, "Ada"),
            ScriptedHost.BindReply(6),
            ScriptedHost.Reply(7, "Hello Ada"),
            ScriptedHost.Reply(8, "Hello Ada", hasMore: true),
            new()
            {
                RequestId = 9,
                MsgRequestError = new IPCFrame.Types.RequestError { Error = "what?" },
            },
            new()
            {
                RequestId = 10,
                SetPeerIdentity = new IPCFrame.Types.SetPeerIdentity
                {
                    Pid = 1,
                    Uid = 2,
                    MachineName = "m",
                },
            },
        }.Select(frame => frame.ToByteArray()),
    ];

    private readonly Random _random = new(seed);

    /// <summary>Many frames, one after the other.</summary>
    internal byte[] Next(int count)
    {
        var bytes = new List<byte>();
        byte[] prefix = new byte[sizeof(int)];
        for (int i = 0; i < count; i++)
        {
            byte[] payload = NextPayload();
            BinaryPrimitives.WriteInt32LittleEndian(prefix, payload.Length);
            bytes.AddRange(prefix);
            bytes.AddRange(payload);
        }

        return [.. bytes];
    }

    /// <summary>Bytes without any frames.</summary>
    internal byte[] NextNoise(int maxLength)
    {
        byte[] noise = new byte[_random.Next(maxLength)];
        _random.NextBytes(noise);
        return noise;
    }

    private byte[] NextPayload()
    {
        if (_random.Next(8) == 0)
        {
            return NextNoise(MaxNoise);
        }

        byte[] payload = [.. Models[_random.Next(Models.Length)]];
        for (int change = _random.Next(4); change > 0 && payload.Length > 1; change--)
        {
            int at = _random.Next(payload.Length);
            switch (_random.Next(4))
            {
                case 0:
                    payload[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    payload[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 2:
                    payload = payload[..at];
                    break;
                default:
                    payload = [.. payload[..at], .. payload[at..], .. payload[at..]];
                    break;
            }
        }

        return payload;
    }
}
