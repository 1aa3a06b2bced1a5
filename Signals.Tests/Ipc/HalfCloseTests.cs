using System.Net.Sockets;
using NUnit.Framework;

namespace Signals.Tests.Ipc;

/// <summary>A peer that only closes its sending side, which sockets can do.</summary>
[TestFixture]
public sealed class HalfCloseTests
{
    [Test]
    public async Task C5_half_close_while_reading_is_paused_is_noticed_and_earlier_replies_are_not_lost()
    {
        var tests = new ConnectionTests(Medium.SocketFile);
        tests.StartHost();
        try
        {
            await tests.AssertNoticedWhilePausedAsync(static host => host.Client.Shutdown(SocketShutdown.Send));
        }
        finally
        {
            tests.StopHost();
        }
    }
}
