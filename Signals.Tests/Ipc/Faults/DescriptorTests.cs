using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport.Sockets;

namespace Signals.Tests.Ipc.Faults;

/// <summary>H7: more clients than the host's process has descriptors.</summary>
[Platform("Linux")]
public sealed class DescriptorTests
{
    private const int Descriptors = 256;

    /// <summary>More than the number of descriptors, and fewer than the system's queue of connections admits.</summary>
    private const int Clients = 400;

    /// <summary>The number of calls after which the host's garbage collector runs, which also needs descriptors.</summary>
    private const int Calls = 2000;

    [Test]
    public async Task H7_host_without_descriptors_serves_those_it_has_and_accepts_again_when_some_are_free()
    {
        using var path = new SocketPath();
        using var host = new LimitedHost(path.Endpoint, Descriptors);
        using RawClient first = await BindWhenListeningAsync(path.Endpoint);
        first.AssertIsServed();
        int atFirst = host.DescriptorCount;

        for (int round = 0; round < 2; round++)
        {
            var crowd = new List<RawClient>();
            try
            {
                while (crowd.Count < Clients)
                {
                    crowd.Add(RawClient.Connect(path.Endpoint));
                }

                await Bounded.UntilAsync(
                    () => host.DescriptorCount >= Descriptors - DescriptorReserve.Count,
                    Bounded.ProcessLimit,
                    "the use of the last descriptor"
                );
                for (int i = 0; i < Calls; i++)
                {
                    first.AssertIsServed();
                }

                Assert.That(host.HasExited, Is.False, "The host continues.");
                Assert.That(crowd[^1].Socket.Available, Is.Zero, "Observers that were not accepted receive nothing, not even an end.");
                Assert.That(crowd[^1].Socket.Poll(0, System.Net.Sockets.SelectMode.SelectRead), Is.False);
            }
            finally
            {
                crowd.ForEach(client => client.Dispose());
            }

            using RawClient next = RawClient.Bound(path.Endpoint);
            next.AssertIsServed();
            first.AssertIsServed();
        }

        // Two descriptors that the runtime may have opened permanently in the meantime.
        await Bounded.UntilAsync(() => host.DescriptorCount <= atFirst + 2, Bounded.ProcessLimit, "the end of the crowd's descriptors");
    }

    [Test]
    public void H7_reserved_descriptors_are_not_used_for_clients()
    {
        Assert.That(new DescriptorReserve(DescriptorReserve.Count).HasRoom(), Is.False);
        Assert.That(new DescriptorReserve(100_000).HasRoom(), Is.True);
        Assert.That(new DescriptorReserve(long.MaxValue).HasRoom(), Is.True);
        Assert.That(DescriptorReserve.OfProcess().HasRoom(), Is.True);
        Assert.That(new DescriptorReserve(DescriptorReserve.CountToStart).HasRoomToStart(), Is.False);
        Assert.That(DescriptorReserve.OfProcess().HasRoomToStart(), Is.True);
    }

    [TestCase("Max open files            1024                 524288               files     ", 1024)]
    [TestCase("Max open files            unlimited            unlimited            files     ", long.MaxValue)]
    [TestCase("Max locked memory         8388608              8388608              bytes     ", long.MaxValue)]
    [TestCase("Max open files", long.MaxValue)]
    public void H7_limit_of_descriptors_is_the_soft_limit(string line, long expected) =>
        Assert.That(
            DescriptorReserve.ReadLimit(["Limit                     Soft Limit           Hard Limit           Units     ", line]),
            Is.EqualTo(expected)
        );

    private static async Task<RawClient> BindWhenListeningAsync(IpcEndpoint endpoint)
    {
        await using var client = new IpcClient(endpoint, new IpcClientOptions { Retry = true });
        await client.ConnectAsync().Within(Bounded.ProcessLimit, "the host's start");
        return RawClient.Bound(endpoint);
    }
}
