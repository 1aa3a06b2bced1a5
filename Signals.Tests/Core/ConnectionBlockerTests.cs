using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class ConnectionBlockerTests
{
    [Test]
    public void S8_blocker_blocks_for_its_scope_and_unblocks_at_its_end([Values(1, 3)] int count)
    {
        var crowd = new Crowd(count);
        using (new ConnectionBlocker(crowd.Handles[0]))
        {
            Assert.That(crowd.Handles[0].IsBlocked, Is.True);
            Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(1, count - 1)));
        }

        Assert.That(crowd.Handles[0].IsBlocked, Is.False);
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, count)));
    }

    [Test]
    public void S8_blocker_restores_the_blocked_state_that_it_found()
    {
        var crowd = new Crowd(2);
        crowd.Handles[0].Block(true);
        using (new ConnectionBlocker(crowd.Handles[0]))
        {
            Assert.That(crowd.Handles[0].IsBlocked, Is.True);
        }

        Assert.That(crowd.Handles[0].IsBlocked, Is.True);
        Assert.That(crowd.Emit(), Is.EqualTo([1]));
    }

    [Test]
    public void S8_blockers_nest()
    {
        var crowd = new Crowd(1);
        using (new ConnectionBlocker(crowd.Handles[0]))
        {
            using (new ConnectionBlocker(crowd.Handles[0])) { }

            Assert.That(crowd.Handles[0].IsBlocked, Is.True);
        }

        Assert.That(crowd.Handles[0].IsBlocked, Is.False);
    }

    [Test]
    public void S8_blocker_restores_the_state_after_changes_inside_its_scope()
    {
        var crowd = new Crowd(1);
        using (new ConnectionBlocker(crowd.Handles[0]))
        {
            crowd.Handles[0].Block(false);
        }

        Assert.That(crowd.Handles[0].IsBlocked, Is.False);

        crowd.Handles[0].Block(true);
        using (new ConnectionBlocker(crowd.Handles[0]))
        {
            crowd.Handles[0].Block(false);
        }

        Assert.That(crowd.Handles[0].IsBlocked, Is.True);
    }

    [Test]
    public void S8_blocker_does_nothing_at_its_end_if_the_connection_has_ended([Values(1, 3)] int count)
    {
        var crowd = new Crowd(count);
        using (new ConnectionBlocker(crowd.Handles[0]))
        {
            crowd.Handles[0].Disconnect();
            crowd.Connect(1);
            crowd.Handles[count].Block(true);
        }

        Assert.That(crowd.Handles[0].IsActive, Is.False);
        Assert.That(crowd.Handles[count].IsBlocked, Is.True, "the connection that reuses the index is unchanged");
    }

    [Test]
    public void S8_blocker_does_nothing_at_its_end_if_the_signal_was_disposed()
    {
        var crowd = new Crowd(2);
        using (new ConnectionBlocker(crowd.Handles[0]))
        {
            crowd.Signal.Dispose();
        }

        Assert.That(crowd.Handles[0].IsBlocked, Is.False);
    }

    [Test]
    public void S8_blocker_for_an_inactive_connection_throws()
    {
        var crowd = new Crowd(1);
        crowd.Handles[0].Disconnect();

        Assert.That(() => Block(crowd.Handles[0]), Throws.InvalidOperationException);
        Assert.That(() => Block(default), Throws.InvalidOperationException);
    }

    [Test]
    public void S8_default_blocker_blocks_nothing() => Assert.That(() => default(ConnectionBlocker).Dispose(), Throws.Nothing);

    private static void Block(ConnectionHandle handle)
    {
        using var blocker = new ConnectionBlocker(handle);
    }
}
