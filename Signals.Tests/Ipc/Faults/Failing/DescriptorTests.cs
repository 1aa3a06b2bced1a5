using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Ipc.Host;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Faults;

/// <summary>H7: more clients than the host's process has descriptors for.</summary>
[Platform("Linux")]
public sealed class DescriptorTests
{
    private const int Descriptors = 256;

    /// <summary>What the host keeps back, and some for its own work.</summary>
    private const int Reserve = 32;

    /// <summary>Fewer than the system lets wait for being accepted.</summary>
    private const int Clients = 400;

    [Test]
    public async Task H7_host_without_descriptors_serves_those_it_has_and_accepts_again_when_some_are_free()
    {
        using var path = new SocketPath();
        using var host = new LimitedHost(path.Endpoint, Descriptors);
        await host.WaitUntilListeningAsync(path.Text);
        using RawClient first = await BindWhenListeningAsync(path.Endpoint);
        first.AssertIsServed();
        int atFirst = host.DescriptorCount;

        var crowd = new List<RawClient>();
        try
        {
            for (int i = 0; i < Clients; i++)
            {
                crowd.Add(RawClient.Connect(path.Endpoint));
            }

            await Limit.Until(() => host.HasExited || host.DescriptorCount >= Descriptors - Reserve, "the use of the last descriptor");
            Assert.That(host.HasExited, Is.False, "The host lives on.");
            first.AssertIsServed();
        }
        finally
        {
            crowd.ForEach(client => client.Dispose());
        }

        using RawClient next = RawClient.Bound(path.Endpoint);
        next.AssertIsServed();
        first.AssertIsServed();

        // The first client, and the next one.
        await Limit.Until(() => host.HasExited || host.DescriptorCount <= atFirst + 1, "the end of the crowd's descriptors");
    }

    private static async Task<RawClient> BindWhenListeningAsync(IpcEndpoint endpoint)
    {
        // The file is there a moment before the socket listens.
        await using var client = new IpcClient(endpoint, new IpcClientOptions { Retry = true });
        await client.ConnectAsync().Within("connecting");
        return RawClient.Bound(endpoint);
    }
}
