using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class ConnectionGroupTests
{
    [Test]
    public void Group_ends_its_connections_together([Values] bool dispose)
    {
        var first = new Crowd(3);
        var second = new Crowd(2);
        var group = new ConnectionGroup();
        group.Add(first.Handles[0]);
        group.Add(first.Handles[2]);
        group.Add(second.Handles[1]);
        Assert.That(group.Count, Is.EqualTo(3));
        if (dispose)
        {
            group.Dispose();
        }
        else
        {
            group.DisconnectAll();
        }

        Assert.That(first.Callable, Is.EqualTo([1]));
        Assert.That(second.Callable, Is.EqualTo([0]));
        Assert.That(group.Count, Is.Zero);
    }

    [Test]
    public void Fresh_group_is_empty()
    {
        using var group = new ConnectionGroup();
        Assert.That(group.Count, Is.Zero);
        Assert.That(group.DisconnectAll, Throws.Nothing);
    }

    [Test]
    public void AddTo_adds_the_handle_and_returns_it()
    {
        var crowd = new Crowd(1);
        using var group = new ConnectionGroup();
        ConnectionHandle returned = crowd.Handles[0].AddTo(group);

        Assert.That(returned, Is.EqualTo(crowd.Handles[0]));
        Assert.That(group.Count, Is.EqualTo(1));
        group.DisconnectAll();
        Assert.That(returned.IsActive, Is.False);
    }

    [Test]
    public void Group_can_be_used_again_after_DisconnectAll()
    {
        var crowd = new Crowd(2);
        using var group = new ConnectionGroup();
        crowd.Handles[0].AddTo(group);
        group.DisconnectAll();
        crowd.Handles[1].AddTo(group);

        Assert.That(crowd.Handles[1].IsActive, Is.True);
        Assert.That(group.Count, Is.EqualTo(1));
        group.DisconnectAll();
        Assert.That(crowd.Handles[1].IsActive, Is.False);
    }

    [Test]
    public void Disposed_group_ends_added_connections_immediately()
    {
        var crowd = new Crowd(2);
        var group = new ConnectionGroup();
        group.Dispose();
        group.Add(crowd.Handles[0]);
        Assert.That(crowd.Handles[0].IsActive, Is.False);
        Assert.That(group.Count, Is.Zero);

        group.DisconnectAll();
        group.Add(crowd.Handles[1]);
        Assert.That(crowd.Handles[1].IsActive, Is.False, "DisconnectAll does not reactivate a disposed group");

        group.Dispose();
        ConnectionHandle late = crowd.Signal.Connect(static () => { }).AddTo(group);
        Assert.That(late.IsActive, Is.False, "disposing it again does not reactivate it either");
    }

    [Test]
    public void Count_includes_only_active_connections()
    {
        var crowd = new Crowd(3);
        using var group = new ConnectionGroup();
        crowd.Handles.ForEach(group.Add);
        crowd.Handles[1].Disconnect();
        crowd.Handles[2].Block(true);
        group.Add(default);

        Assert.That(group.Count, Is.EqualTo(2));
    }

    [Test]
    public void Connections_end_in_the_order_in_which_they_were_added()
    {
        var crowd = new Crowd(5);
        using var group = new ConnectionGroup();
        Array.ForEach([2, 1, 3], number => group.Add(crowd.Handles[number]));

        // Connections that have moved are in the index table, whose indices are reused at once.
        crowd.Handles[0].Disconnect();
        crowd.Signal.TrimExcess();
        group.DisconnectAll();
        crowd.Connect(1);

        Assert.That(crowd.Handles[5].Index.Index, Is.EqualTo(crowd.Handles[3].Index.Index), "the index freed last is used first");
    }

    [Test]
    public void Active_connections_are_kept_when_ended_ones_are_removed([Values(10, 16, 17, 40, 1000)] int count)
    {
        var crowd = new Crowd(count);
        var group = new ConnectionGroup();
        for (int number = 0; number < count; number++)
        {
            group.Add(crowd.Handles[number]);
            if (number % 3 != 0)
            {
                crowd.Handles[number].Disconnect();
            }
        }

        Assert.That(group.Count, Is.EqualTo((count + 2) / 3));
        group.Dispose();
        Assert.That(crowd.Signal.IsEmpty, Is.True);
    }

    [Test]
    public void Group_of_short_lived_connections_does_not_grow([Values(0, 100)] int standing)
    {
        using var group = new ConnectionGroup();
        var signal = new Signal();
        for (int i = 0; i < standing; i++)
        {
            signal.Connect(Nothing).AddTo(group);
        }

        long leftBehind = Garbage.LeftBehindBy(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                signal.Connect(Nothing).AddTo(group).Disconnect();
            }
        });
        Assert.That(leftBehind, Is.LessThan(100_000), "the ended connections are kept");
        Assert.That(group.Count, Is.EqualTo(standing));
    }

    [Test]
    public void S10_connections_added_by_many_threads_all_end()
    {
        var signal = new Signal();
        var group = new ConnectionGroup();
        void AddMany()
        {
            for (int i = 0; i < 500; i++)
            {
                signal.Connect(Nothing).AddTo(group);
            }
        }

        Worker.RunAll(AddMany, AddMany, AddMany);
        Assert.That(group.Count, Is.EqualTo(1500));
        Worker.RunAll(AddMany, group.Dispose, AddMany);

        Assert.That(signal.IsEmpty, Is.True, "earlier connections ended with the group, later ones immediately");
    }

    private static readonly Action Nothing = () => { };
}
