using System.Buffers.Binary;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

/// <summary>The client with a host that replays a recorded host.</summary>
public sealed class RecordedHostTests : ClientFixture
{
    private const int BindReplySize = 289 + 4;

    [Test]
    public async Task Recorded_query_is_parsed_one_byte_at_a_time()
    {
        byte[] recorded = FixtureTests.Load("consumer-query/host-to-client.bin");
        await using IpcClient client = await ConnectAsync();
        using ConsumerProxy proxy = await BindAsync(client, recorded);
        Task<int[]> reading = ReadSizes(proxy.QueryServiceState());
        Assert.That((await Host.ReadFrameAsync()).MsgInvokeMethod.MethodId, Is.EqualTo(12));
        await SendInPieces(recorded.AsMemory(BindReplySize), 1);

        // They wrote 681 bytes, two of them for longer lengths than needed, which do not survive being parsed.
        Assert.That(await reading.Within("the stream's end"), Is.EqualTo((int[])[679]));
    }

    [Test]
    public async Task Recorded_session_is_parsed_in_pieces_of_any_size()
    {
        byte[] recorded = FixtureTests.Load("consumer-session/host-to-client.bin");
        byte[] theirs = FixtureTests.Load("consumer-session/client-to-host.bin");
        foreach (int pieceSize in (int[])[7, 1000, 60_000])
        {
            await using IpcClient client = await ConnectAsync();
            using ConsumerProxy proxy = await BindAsync(client, recorded);
            Task enabling = proxy.EnableTracing();
            Task<int[]> reading = ReadSizes(proxy.ReadBuffers());
            AssertSameCall(await Host.ReadFrameAsync(), theirs, 22);
            AssertSameCall(await Host.ReadFrameAsync(), theirs, 107);
            await SendInPieces(recorded.AsMemory(BindReplySize), pieceSize);
            await enabling.Within("the reply");
            int[] sizes = await reading.Within("the stream's end");
            Assert.That(sizes, Has.Length.EqualTo(3));
            Assert.That(sizes.Sum(), Is.InRange(82_000, 82_448));
        }
    }

    private static void AssertSameCall(IPCFrame ours, byte[] theirStream, int offset)
    {
        int size = BinaryPrimitives.ReadInt32LittleEndian(theirStream.AsSpan(offset));
        IPCFrame theirs = IPCFrame.Parser.ParseFrom(theirStream.AsSpan(offset + 4, size));
        Assert.That(ours.RequestId, Is.EqualTo(theirs.RequestId));
        Assert.That(ours.MsgInvokeMethod.ServiceId, Is.EqualTo(theirs.MsgInvokeMethod.ServiceId));
        Assert.That(ours.MsgInvokeMethod.MethodId, Is.EqualTo(theirs.MsgInvokeMethod.MethodId));
        Assert.That(ours.MsgInvokeMethod.DropReply, Is.EqualTo(theirs.MsgInvokeMethod.DropReply));
    }

    private static async Task<int[]> ReadSizes(IAsyncEnumerable<Recorded> stream)
    {
        var sizes = new List<int>();
        await foreach (Recorded message in stream)
        {
            sizes.Add(message.CalculateSize());
        }

        return [.. sizes];
    }

    private async Task<ConsumerProxy> BindAsync(IpcClient client, byte[] recorded)
    {
        var proxy = new ConsumerProxy();
        Task binding = client.BindAsync(proxy);
        IPCFrame request = await Host.ReadFrameAsync();
        Assert.That(request.MsgBindService.ServiceName, Is.EqualTo("ConsumerPort"));
        await Host.SendAsync(recorded.AsMemory(0, BindReplySize));
        await binding.Within("binding");
        return proxy;
    }

    private async Task SendInPieces(ReadOnlyMemory<byte> bytes, int size)
    {
        for (int at = 0; at < bytes.Length; at += size)
        {
            await Host.SendAsync(bytes[at..Math.Min(at + size, bytes.Length)]);
        }
    }

    private sealed class ConsumerProxy() : ServiceProxy(ConsumerPortReflection.Descriptor.Services[0])
    {
        internal Task<Recorded> EnableTracing() => CallAsync<Recorded>(new Recorded());

        internal IAsyncEnumerable<Recorded> ReadBuffers() => StreamAsync<Recorded>(new Recorded());

        internal IAsyncEnumerable<Recorded> QueryServiceState() => StreamAsync<Recorded>(new Recorded());
    }
}
