using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc.Framing;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

/// <summary>Compares the handwritten parser with the generated one.</summary>
public sealed class FrameTests
{
    private const int Rounds = 40_000;

    [Test]
    public void F3_random_bytes_are_frames_exactly_if_the_generated_parser_accepts_them()
    {
        var random = new Random(1);
        int accepted = 0;
        for (int i = 0; i < Rounds; i++)
        {
            byte[] bytes = new byte[random.Next(12)];
            random.NextBytes(bytes);

            // Small tags make sense more often.
            for (int k = 0; k < bytes.Length; k += 2)
            {
                bytes[k] &= 0x3F;
            }

            accepted += Compare(bytes) ? 1 : 0;
        }

        Assert.That(accepted, Is.InRange(Rounds / 20, Rounds * 19 / 20), "both kinds must occur often");
    }

    [Test]
    public void F3_mutated_frames_are_read_exactly_as_the_generated_parser_reads_them()
    {
        var random = new Random(2);
        int accepted = 0;
        for (int i = 0; i < Rounds; i++)
        {
            byte[] bytes = RandomFrame(random).ToByteArray();
            for (int mutations = random.Next(4); mutations > 0 && bytes.Length != 0; mutations--)
            {
                bytes = Mutate(bytes, random);
            }

            accepted += Compare(bytes) ? 1 : 0;
        }

        Assert.That(accepted, Is.InRange(Rounds / 20, Rounds * 19 / 20), "both kinds must occur often");
    }

    [Test]
    public void F4_unknown_groups_are_skipped_up_to_the_depth_of_the_generated_parser([Values] bool inMessage)
    {
        // A start and an end of a group of field 15, again and again.
        int accepted = 0;
        for (int depth = 95; depth <= 105; depth++)
        {
            byte[] groups = [.. Enumerable.Repeat((byte)0x7B, depth), .. Enumerable.Repeat((byte)0x7C, depth)];
            byte[] message = [0x2A, (byte)(groups.Length | 0x80), (byte)(groups.Length >> 7), .. groups];
            accepted += Compare(inMessage ? message : groups) ? 1 : 0;
            accepted += Compare(inMessage ? message : [.. groups, 0x10, 0x01]) ? 1 : 0;
        }

        Assert.That(accepted, Is.InRange(2, 20), "both kinds must occur");
    }

    [TestCase(new byte[] { 0x7B, 0x74 })]
    [TestCase(new byte[] { 0x7B })]
    [TestCase(new byte[] { 0x7C })]
    [TestCase(new byte[] { 0x7B, 0x08, 0x01, 0x7C })]
    [TestCase(new byte[] { 0x7B, 0x0B, 0x0C, 0x7C, 0x10, 0x05 })]
    [TestCase(new byte[] { 0x7B, 0x0B, 0x7C, 0x0C })]
    [TestCase(new byte[] { 0x79, 1, 2, 3, 4, 5, 6, 7, 8 })]
    [TestCase(new byte[] { 0x79, 1, 2, 3, 4, 5, 6, 7 })]
    [TestCase(new byte[] { 0x7D, 1, 2, 3, 4 })]
    [TestCase(new byte[] { 0x7D, 1, 2, 3 })]
    [TestCase(new byte[] { 0x7A, 2, 1 })]
    [TestCase(new byte[] { 0x7E })]
    [TestCase(new byte[] { 0x7F })]
    [TestCase(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [TestCase(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    [TestCase(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [TestCase(new byte[] { 0x10, 0x85, 0x80, 0x80, 0x80, 0x00 })]
    [TestCase(new byte[] { 0x00, 0x01 })]
    public void F4_unknown_fields_of_every_wire_type_are_read_as_the_generated_parser_reads_them(byte[] bytes) => Compare(bytes);

    [Test]
    public void Frame_with_two_messages_is_merged_as_protobuf_specifies()
    {
        byte[] first = Invoke(arguments: "a").ToByteArray();
        byte[] second = new IPCFrame { MsgInvokeMethod = new IPCFrame.Types.InvokeMethod { DropReply = true } }.ToByteArray();
        Assert.That(
            Frame.TryParse(
                new byte[][] { first, second }
                    .SelectMany(bytes => bytes)
                    .ToArray(),
                out Frame frame
            ),
            Is.True
        );
        Assert.That(frame.Kind, Is.EqualTo(FrameKind.InvokeMethod));
        Assert.That(frame.Invoke.DropReply, Is.True);
        Assert.That(frame.Invoke.Arguments.ToArray(), Is.EqualTo("a"u8.ToArray()));
    }

    [TestCase(99, true)]
    [TestCase(100, true)]
    [TestCase(101, false)]
    [TestCase(1000, false)]
    public void F4_nested_unknown_groups_are_skipped_like_in_the_generated_parser(int depth, bool accepted)
    {
        byte[] start = [.. Enumerable.Repeat((byte)((9 << 3) | 3), depth)];
        byte[] end = [.. Enumerable.Repeat((byte)((9 << 3) | 4), depth)];
        Assert.That(Compare([.. start, .. end]), Is.EqualTo(accepted));
    }

    [Test]
    public void F4_unknown_kind_of_message_has_no_effect()
    {
        Assert.That(Frame.TryParse([0x10, 0x05, (20 << 3 & 0x7F) | 0x80 | 2, 0x01, 0x00], out Frame frame), Is.True);
        Assert.That(frame.Kind, Is.EqualTo(FrameKind.None));
        Assert.That(frame.RequestId, Is.EqualTo(5));
    }

    [Test]
    public void Empty_arguments_are_distinguished_from_absent_ones()
    {
        byte[] nothing = new IPCFrame { MsgInvokeMethod = new IPCFrame.Types.InvokeMethod() }.ToByteArray();
        Assert.That(Frame.TryParse(Invoke(arguments: "").ToByteArray(), out Frame empty), Is.True);
        Assert.That(Frame.TryParse(nothing, out Frame absent), Is.True);
        Assert.That(empty.Invoke.HasArguments, Is.True);
        Assert.That(absent.Invoke.HasArguments, Is.False);
    }

    [Test]
    public void Written_calls_and_replies_are_those_of_the_generated_classes()
    {
        var random = new Random(3);
        for (int i = 0; i < 2_000; i++)
        {
            ulong requestId = 1 + ((ulong)random.NextInt64() >> random.Next(63));
            uint number = (uint)random.Next() >> random.Next(31);
            var message = new GreeterRequestMsg { Name = new string('x', random.Next(300)) };
            bool flag = random.Next(2) == 0;
            var invoke = new IPCFrame.Types.InvokeMethod
            {
                ServiceId = number,
                MethodId = number + 1,
                ArgsProto = message.ToByteString(),
            };
            if (flag)
            {
                invoke.DropReply = true;
            }

            var end = new IPCFrame.Types.InvokeMethodReply { Success = flag };
            var reply = new IPCFrame.Types.InvokeMethodReply { Success = flag, ReplyProto = message.ToByteString() };
            if (random.Next(2) == 0)
            {
                reply.HasMore = true;
            }

            Assert.That(
                Write(new InvokeMethodFrame(requestId, number, number + 1, message.ToByteArray(), flag)),
                Is.EqualTo(ScriptedHost.Encode(new IPCFrame { RequestId = requestId, MsgInvokeMethod = invoke }))
            );
            Assert.That(
                Write(new InvokeMethodReplyFrame(requestId, flag, reply.HasMore, message.ToByteArray())),
                Is.EqualTo(ScriptedHost.Encode(new IPCFrame { RequestId = requestId, MsgInvokeMethodReply = reply }))
            );
            Assert.That(
                Write(new InvokeMethodReplyFrame(requestId, flag)),
                Is.EqualTo(ScriptedHost.Encode(new IPCFrame { RequestId = requestId, MsgInvokeMethodReply = end }))
            );
        }
    }

    private static byte[] Write<TFrame>(TFrame frame)
        where TFrame : struct, IOutgoingFrame, allows ref struct
    {
        var buffer = new OutgoingBuffer();
        buffer.Append(frame, frame.CalculateSize());
        return buffer.Written.ToArray();
    }

    private static IPCFrame Invoke(string arguments) =>
        new()
        {
            RequestId = 3,
            MsgInvokeMethod = new IPCFrame.Types.InvokeMethod { ServiceId = 1, ArgsProto = ByteString.CopyFromUtf8(arguments) },
        };

    private static IPCFrame RandomFrame(Random random)
    {
        var frame = new IPCFrame { RequestId = (ulong)random.Next(300) };
        switch (random.Next(7))
        {
            case 0:
                frame.MsgBindService = new IPCFrame.Types.BindService { ServiceName = "Greeter" };
                break;
            case 1:
                frame.MsgBindServiceReply = ScriptedHost.BindReply(1).MsgBindServiceReply;
                break;
            case 2:
            case 3:
                frame.MsgInvokeMethod = new IPCFrame.Types.InvokeMethod
                {
                    ServiceId = (uint)random.Next(300),
                    MethodId = 2,
                    ArgsProto = ByteString.CopyFrom(new byte[random.Next(5)]),
                    DropReply = random.Next(2) == 0,
                };
                break;
            case 4:
                frame.MsgInvokeMethodReply = new IPCFrame.Types.InvokeMethodReply { Success = true, ReplyProto = ByteString.CopyFromUtf8("xyz") };
                break;
            case 5:
                frame.MsgRequestError = new IPCFrame.Types.RequestError { Error = "no" };
                break;
            default:
                frame.SetPeerIdentity = new IPCFrame.Types.SetPeerIdentity { Pid = -1, MachineName = "m" };
                break;
        }

        return frame;
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length);
        return random.Next(5) switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
            2 => [.. bytes[..at], .. bytes[(at + 1)..]],
            3 => [.. bytes, .. RandomFrame(random).ToByteArray()],
            _ => [.. bytes[..at], (byte)(bytes[at] ^ (1 << random.Next(8))), .. bytes[(at + 1)..]],
        };
    }

    /// <summary>Parses bytes with both parsers and compares the results. Returns whether the bytes are a frame.</summary>
    private static bool Compare(byte[] bytes)
    {
        IPCFrame? expected = ParseGenerated(bytes);
        bool accepted = Frame.TryParse(bytes, out Frame frame);
        string text = Convert.ToHexString(bytes);
        Assert.That(accepted, Is.EqualTo(expected is not null), text);
        if (expected is null)
        {
            return false;
        }

        Assert.That(frame.RequestId, Is.EqualTo(expected.RequestId), text);
        Assert.That(frame.Kind, Is.EqualTo((FrameKind)expected.MsgCase), text);
        if (expected.MsgInvokeMethod is { } invoke)
        {
            Assert.That(frame.Invoke.ServiceId, Is.EqualTo(invoke.ServiceId), text);
            Assert.That(frame.Invoke.MethodId, Is.EqualTo(invoke.MethodId), text);
            Assert.That(frame.Invoke.DropReply, Is.EqualTo(invoke.DropReply), text);
            Assert.That(frame.Invoke.HasArguments, Is.EqualTo(invoke.HasArgsProto), text);
            Assert.That(frame.Invoke.Arguments.SequenceEqual(invoke.ArgsProto.Span), Is.True, text);
        }
        else if (expected.MsgInvokeMethodReply is { } reply)
        {
            Assert.That(frame.Reply.Success, Is.EqualTo(reply.Success), text);
            Assert.That(frame.Reply.HasMore, Is.EqualTo(reply.HasMore), text);
            Assert.That(frame.Reply.HasReply, Is.EqualTo(reply.HasReplyProto), text);
            Assert.That(frame.Reply.Reply.SequenceEqual(reply.ReplyProto.Span), Is.True, text);
        }
        else if (frame.Kind != FrameKind.None)
        {
            Assert.That(frame.Message, Is.EqualTo(expected), text);
        }

        return true;
    }

    private static IPCFrame? ParseGenerated(byte[] bytes)
    {
        try
        {
            return IPCFrame.Parser.ParseFrom(bytes);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            return null;
        }
    }
}
