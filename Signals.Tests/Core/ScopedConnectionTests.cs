using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class ScopedConnectionTests
{
    [Test]
    public void Scoped_connection_ends_its_connection_when_disposed()
    {
        var crowd = new Crowd(2);
        var scoped = new ScopedConnection(crowd.Handles[0]);
        Assert.That(scoped.Handle, Is.EqualTo(crowd.Handles[0]));
        Assert.That(crowd.Handles[0].IsActive, Is.True);
        scoped.Dispose();

        Assert.That(crowd.Handles[0].IsActive, Is.False);
        Assert.That(crowd.Handles[1].IsActive, Is.True);
        Assert.That(scoped.Handle, Is.EqualTo(default(ConnectionHandle)));
        Assert.That(scoped.Dispose, Throws.Nothing, "disposing twice");
    }

    [Test]
    public void Scoped_connection_takes_a_handle_by_conversion()
    {
        var crowd = new Crowd(2);
        using (ScopedConnection scoped = crowd.Handles[0])
        {
            Assert.That(scoped.Handle, Is.EqualTo(crowd.Handles[0]));
        }

        Assert.That(crowd.Handles[0].IsActive, Is.False);

        using (var scoped = ScopedConnection.FromConnectionHandle(crowd.Handles[1]))
        {
            Assert.That(scoped.Handle, Is.EqualTo(crowd.Handles[1]));
            Assert.That(crowd.Handles[1].IsActive, Is.True);
        }

        Assert.That(crowd.Handles[1].IsActive, Is.False);
    }

    [Test]
    public void Fresh_scoped_connection_owns_nothing()
    {
        using var scoped = new ScopedConnection();

        Assert.That(scoped.Handle, Is.EqualTo(default(ConnectionHandle)));
        Assert.That(scoped.Release(), Is.EqualTo(default(ConnectionHandle)));
    }

    [Test]
    public void Assigning_a_handle_disconnects_the_old_one()
    {
        var crowd = new Crowd(2);
        using var scoped = new ScopedConnection();
        scoped.Handle = crowd.Handles[0];
        Assert.That(crowd.Handles[0].IsActive, Is.True);
        scoped.Handle = crowd.Handles[1];

        Assert.That(scoped.Handle, Is.EqualTo(crowd.Handles[1]));
        Assert.That(crowd.Handles[0].IsActive, Is.False);
        Assert.That(crowd.Handles[1].IsActive, Is.True);

        scoped.Handle = default;
        Assert.That(crowd.Handles[1].IsActive, Is.False);
        Assert.That(scoped.Handle, Is.EqualTo(default(ConnectionHandle)));
    }

    [Test]
    public void Assigning_the_same_handle_changes_nothing()
    {
        var crowd = new Crowd(1);
        using var scoped = new ScopedConnection(crowd.Handles[0]);
        ConnectionHandle same = scoped.Handle;
        scoped.Handle = same;

        Assert.That(crowd.Handles[0].IsActive, Is.True);
        Assert.That(scoped.Handle, Is.EqualTo(same));
    }

    [Test]
    public void Release_ends_the_ownership_of_the_connection()
    {
        var crowd = new Crowd(1);
        var scoped = new ScopedConnection(crowd.Handles[0]);
        Assert.That(scoped.Release(), Is.EqualTo(crowd.Handles[0]));
        Assert.That(scoped.Handle, Is.EqualTo(default(ConnectionHandle)));
        scoped.Dispose();

        Assert.That(crowd.Handles[0].IsActive, Is.True);
    }

    [Test]
    public void Handle_assigned_after_disposal_is_disconnected_immediately()
    {
        var crowd = new Crowd(1);
        var scoped = new ScopedConnection();
        scoped.Dispose();
        scoped.Handle = crowd.Handles[0];

        Assert.That(crowd.Handles[0].IsActive, Is.False);
        Assert.That(scoped.Handle, Is.EqualTo(default(ConnectionHandle)));
    }

    [Test]
    public void Scoped_connection_may_be_disposed_inside_its_own_slot()
    {
        int calls = 0;
        var signal = new Signal();
        var scoped = new ScopedConnection();
        scoped.Handle = signal.Connect(() =>
        {
            calls++;
            scoped.Dispose();
        });
        signal.Emit();
        signal.Emit();

        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public void S10_handles_assigned_and_disposed_by_many_threads_are_all_ended_or_kept()
    {
        for (int round = 0; round < 50; round++)
        {
            var crowd = new Crowd(40);
            var scoped = new ScopedConnection();
            Worker.RunAll(
                () => Array.ForEach([.. crowd.Handles.Take(20)], handle => scoped.Handle = handle),
                () => Array.ForEach([.. crowd.Handles.Skip(20)], handle => scoped.Handle = handle)
            );
            Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(1), "exactly the one that is owned");
            Assert.That(scoped.Handle.IsActive, Is.True);
            scoped.Dispose();
            Assert.That(crowd.Signal.IsEmpty, Is.True);
        }
    }
}
