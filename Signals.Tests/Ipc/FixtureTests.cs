using NUnit.Framework;
using Signals.Ipc.Framing;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

/// <summary>Byte streams of real programs, parsed by the library.</summary>
public sealed class FixtureTests
{
    private static readonly string[] Streams =
    [
        "consumer-query/client-to-host.bin",
        "consumer-query/host-to-client.bin",
        "consumer-session/client-to-host.bin",
        "consumer-session/host-to-client.bin",
    ];

    internal static byte[] Load(string stream) => File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", stream));

    [TestCaseSource(nameof(Streams))]
    public void F1_recorded_stream_is_read_equally_in_every_fragmentation(string stream)
    {
        byte[] bytes = Load(stream);
        string[] whole = Describe(bytes, bytes.Length);
        foreach (int size in new[] { 1, 2, 3, 7, 64, 1000, 4096, 50_000 })
        {
            Assert.That(Describe(bytes, size), Is.EqualTo(whole), $"in pieces of {size}");
        }
    }

    [Test]
    public void Recorded_query_matches_its_notes()
    {
        Assert.That(
            Describe(Load("consumer-query/client-to-host.bin"), 1),
            Is.EqualTo((string[])["1 BindService ConsumerPort", "2 InvokeMethod 1.12 args 2 drop False"])
        );
        Assert.That(
            Describe(Load("consumer-query/host-to-client.bin"), 1),
            Is.EqualTo((string[])["1 BindServiceReply True 1 methods 15", "2 InvokeMethodReply True more False reply 681"])
        );
    }

    [Test]
    public void Recorded_session_ends_with_a_stream_of_three_replies()
    {
        string[] replies = Describe(Load("consumer-session/host-to-client.bin"), 1);
        Assert.That(replies, Has.Length.EqualTo(5));
        Assert.That(replies[2], Does.StartWith("3 InvokeMethodReply True more True"));
        Assert.That(replies[3], Does.StartWith("3 InvokeMethodReply True more True"));
        Assert.That(replies[4], Does.StartWith("3 InvokeMethodReply True more False"));
    }

    [Test]
    public void Frames_of_both_parsers_are_equal_field_by_field()
    {
        byte[] stream = Load("consumer-query/client-to-host.bin");
        IPCFrame bind = IPCFrame.Parser.ParseFrom(stream.AsSpan(4, 18));
        IPCFrame invoke = IPCFrame.Parser.ParseFrom(stream.AsSpan(26, 14));
        var ours = new IPCFrame
        {
            RequestId = 1,
            MsgBindService = new IPCFrame.Types.BindService { ServiceName = "ConsumerPort" },
        };
        Assert.That(ours, Is.EqualTo(bind));

        var frame = new InvokeMethodFrame(2, 1, 12, invoke.MsgInvokeMethod.ArgsProto.Span, dropReply: false);
        byte[] written = new byte[frame.CalculateSize()];
        frame.WriteTo(written);
        IPCFrame read = IPCFrame.Parser.ParseFrom(written.AsSpan(4));

        // They write the default, we leave it out: both mean the same.
        read.MsgInvokeMethod.DropReply = false;
        Assert.That(read, Is.EqualTo(invoke));
    }

    private static string[] Describe(byte[] stream, int pieceSize)
    {
        var buffer = new ReceiveBuffer(128 * 1024);
        var frames = new List<string>();
        for (int at = 0; at < stream.Length; )
        {
            Memory<byte> free = buffer.GetFree(pieceSize);
            int size = Math.Min(Math.Min(pieceSize, free.Length), stream.Length - at);
            stream.AsSpan(at, size).CopyTo(free.Span);
            buffer.Advance(size);
            at += size;
            while (buffer.TryReadFrame(out ReadOnlySpan<byte> payload) == FrameReadResult.Frame)
            {
                Assert.That(Frame.TryParse(payload, out Frame frame), Is.True);
                frames.Add(Describe(frame));
            }
        }

        return [.. frames];
    }

    private static string Describe(Frame frame)
    {
        string text = frame.Kind switch
        {
            FrameKind.BindService => frame.Message!.MsgBindService.ServiceName,
            FrameKind.BindServiceReply => Describe(frame.Message!.MsgBindServiceReply),
            FrameKind.InvokeMethod =>
                $"{frame.Invoke.ServiceId}.{frame.Invoke.MethodId} args {frame.Invoke.Arguments.Length} drop {frame.Invoke.DropReply}",
            FrameKind.InvokeMethodReply => $"{frame.Reply.Success} more {frame.Reply.HasMore} reply {frame.Reply.Reply.Length}",
            _ => "",
        };
        return $"{frame.RequestId} {frame.Kind} {text}";
    }

    private static string Describe(IPCFrame.Types.BindServiceReply reply) => $"{reply.Success} {reply.ServiceId} methods {reply.Methods.Count}";
}
