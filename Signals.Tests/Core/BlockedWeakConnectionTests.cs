using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class BlockedWeakConnectionTests
{
    [Test]
    public void S14_blocked_connection_whose_target_has_gone_is_removed_by_the_next_emission([Values(0, 3)] int others)
    {
        var crowd = new Crowd(others);
        ConnectionHandle handle = ConnectToLost(crowd.Signal);
        handle.Block(true);
        Garbage.Collect();
        crowd.Emit();

        Assert.That(handle.IsActive, Is.False);
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(others));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ConnectionHandle ConnectToLost(Signal<string> signal) =>
        signal.ConnectWeak(new object(), static (_, _) => throw new InvalidOperationException("the target has gone"));
}
