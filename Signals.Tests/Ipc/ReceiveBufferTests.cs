using System.Buffers.Binary;
using NUnit.Framework;
using Signals.Ipc.Framing;

namespace Signals.Tests.Ipc;

public sealed class ReceiveBufferTests
{
    private const int FrameLimit = 128 * 1024;

    [Test]
    public void F1_frames_arrive_whole_in_any_fragmentation()
    {
        var random = new Random(1);
        byte[][] payloads = [.. Enumerable.Range(0, 60).Select(i => Payload(random, i % 7 == 0 ? 30_000 : 1 + random.Next(300)))];
        byte[] stream = [.. payloads.SelectMany(Frame)];
        foreach (int most in new[] { 1, 2, 3, 5, 100, 4096, 100_000 })
        {
            Assert.That(Read(stream, () => 1 + random.Next(most)), Is.EqualTo(payloads), $"in pieces of up to {most} bytes");
        }
    }

    [Test]
    public void F2_zero_lengths_are_skipped()
    {
        byte[] stream = [0, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0];
        foreach (int size in new[] { 1, 3, 4, 5, stream.Length })
        {
            Assert.That(Read(stream, () => size), Is.EqualTo(new byte[][] { [9], [8] }), $"in pieces of {size} bytes");
        }
    }

    [Test]
    public void F2_largest_frame_includes_its_length_bytes_and_a_larger_one_is_refused_before_memory_is_allocated()
    {
        var buffer = new ReceiveBuffer(FrameLimit);
        byte[] prefix = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, FrameLimit - 4);
        Put(buffer, prefix);
        Assert.That(buffer.TryReadFrame(out _), Is.EqualTo(FrameReadResult.NeedMore));

        foreach (uint size in new uint[] { FrameLimit - 3, int.MaxValue, 0x8000_0000, uint.MaxValue })
        {
            buffer.Release();
            BinaryPrimitives.WriteUInt32LittleEndian(prefix, size);
            Put(buffer, prefix);
            Assert.That(buffer.TryReadFrame(out _), Is.EqualTo(FrameReadResult.TooLarge), $"{size}");
            Assert.That(buffer.HasCompleteFrame, Is.True, "there is work to do");
            Assert.That(buffer.Capacity, Is.EqualTo(ReceiveBuffer.OwnSize));
        }
    }

    [Test]
    public void F5_memory_grows_with_the_received_bytes_and_not_with_the_announced_length()
    {
        var buffer = new ReceiveBuffer(FrameLimit);
        Put(buffer, Frame(new byte[100_000])[..5_000]);
        Assert.That(buffer.TryReadFrame(out _), Is.EqualTo(FrameReadResult.NeedMore));
        buffer.GetFree(0);
        Assert.That(buffer.Capacity, Is.LessThan(32 * 1024));
    }

    [Test]
    public void F5_memory_of_a_large_frame_is_released()
    {
        var buffer = new ReceiveBuffer(FrameLimit);
        Put(buffer, Frame(new byte[100_000]));
        Assert.That(buffer.Capacity, Is.GreaterThan(100_000));
        Assert.That(buffer.TryReadFrame(out ReadOnlySpan<byte> payload), Is.EqualTo(FrameReadResult.Frame));
        Assert.That(payload.Length, Is.EqualTo(100_000));
        buffer.GetFree(0);
        Assert.That(buffer.Capacity, Is.EqualTo(ReceiveBuffer.OwnSize));
    }

    private static byte[] Payload(Random random, int size)
    {
        byte[] payload = new byte[size];
        random.NextBytes(payload);
        return payload;
    }

    private static byte[] Frame(byte[] payload)
    {
        byte[] frame = new byte[4 + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        payload.CopyTo(frame, 4);
        return frame;
    }

    private static List<byte[]> Read(byte[] stream, Func<int> pieceSize)
    {
        var buffer = new ReceiveBuffer(FrameLimit);
        var payloads = new List<byte[]>();
        int at = 0;
        while (at < stream.Length)
        {
            int size = Math.Min(pieceSize(), stream.Length - at);
            Memory<byte> free = buffer.GetFree(size);
            size = Math.Min(size, free.Length);
            stream.AsSpan(at, size).CopyTo(free.Span);
            buffer.Advance(size);
            at += size;
            bool isComplete = buffer.HasCompleteFrame;
            while (buffer.TryReadFrame(out ReadOnlySpan<byte> payload) == FrameReadResult.Frame)
            {
                Assert.That(isComplete, Is.True);
                payloads.Add(payload.ToArray());
                isComplete = buffer.HasCompleteFrame;
            }

            Assert.That(isComplete, Is.False);
        }

        return payloads;
    }

    private static void Put(ReceiveBuffer buffer, byte[] bytes)
    {
        bytes.CopyTo(buffer.GetFree(bytes.Length));
        buffer.Advance(bytes.Length);
    }
}
