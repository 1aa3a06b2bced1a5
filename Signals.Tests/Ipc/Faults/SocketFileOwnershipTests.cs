using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Ipc.Host;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Faults;

/// <summary>H9: a host removes its own socket file, and no other.</summary>
[Platform("Linux")]
public sealed class SocketFileOwnershipTests
{
    [Test]
    public async Task H9_host_that_stops_leaves_the_file_of_the_host_that_took_its_place()
    {
        await using var first = new TestHost();
        File.Delete(first.Path);
        await using var second = new IpcHost();
        second.Expose(new ScriptedGreeter());
        second.Start(first.Endpoint);
        await first.Host.StopAsync().Within("stopping");
        Assert.That(File.Exists(first.Path), Is.True, "The socket file of the second host.");
        using RawClient client = RawClient.Bound(first.Endpoint);
        client.AssertIsServed();
    }
}
