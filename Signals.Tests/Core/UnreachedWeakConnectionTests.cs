using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class UnreachedWeakConnectionTests
{
    [Test]
    public void S14_blocked_connection_whose_target_was_collected_is_removed_by_the_next_emission([Values(0, 3)] int others)
    {
        var crowd = new Crowd(others);
        ConnectionHandle handle = ConnectToLost(crowd.Signal);
        handle.Block(true);
        Garbage.Collect();
        crowd.Emit();

        Assert.That(handle.IsActive, Is.False);
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(others));
    }

    [Test]
    public void S14_connection_after_a_slot_that_throws_is_removed_by_the_next_emission([Values(0, 3)] int others)
    {
        using var signal = new Signal<string>(new SignalOptions { ExceptionPolicy = SlotExceptionPolicy.StopAtFirst });
        signal.Connect(static () => throw new InvalidOperationException("the first"));
        ConnectionHandle handle = ConnectToLost(signal);
        for (int i = 0; i < others; i++)
        {
            signal.Connect(static () => { });
        }

        Garbage.Collect();

        Assert.That(() => signal.Emit("a"), Throws.InvalidOperationException.With.Message.EqualTo("the first"));
        Assert.That(handle.IsActive, Is.False);
        Assert.That(signal.ConnectionCount, Is.EqualTo(1 + others));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ConnectionHandle ConnectToLost(Signal<string> signal) =>
        signal.ConnectWeak(new object(), static (_, _) => throw new InvalidOperationException("the target was collected"));
}
