using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class HandleTests
{
    [Test]
    public void S9_default_handle_is_inactive()
    {
        ConnectionHandle handle = default;
        var signal = new Signal();
        signal.Connect(() => { });

        Assert.That(handle.IsActive, Is.False);
        Assert.That(handle.IsBlocked, Is.False);
        Assert.That(handle.BelongsTo(signal), Is.False);
        Assert.That(handle.Disconnect, Throws.Nothing);
        Assert.That(handle.Dispose, Throws.Nothing);
        Assert.That(signal.ConnectionCount, Is.EqualTo(1));
    }

    [Test]
    public void S9_handle_is_active_until_its_connection_ends([Values(1, 2, 70)] int count)
    {
        var crowd = new Crowd(count);
        Assert.That(crowd.Handles.All(handle => handle.IsActive), Is.True);
        crowd.Handles[count - 1].Disconnect();

        Assert.That(crowd.Handles.Count(handle => handle.IsActive), Is.EqualTo(count - 1));
        Assert.That(crowd.Handles[count - 1].IsActive, Is.False);
    }

    [Test]
    public void S9_copies_are_equal_and_report_the_same_state()
    {
        var signal = new Signal();
        ConnectionHandle handle = signal.Connect(() => { });
        ConnectionHandle copy = handle;
        object boxed = handle;

        Assert.That(copy.Equals(handle), Is.True);
        Assert.That(copy == handle, Is.True);
        Assert.That(copy != handle, Is.False);
        Assert.That(copy.Equals(boxed), Is.True);
        Assert.That(copy.GetHashCode(), Is.EqualTo(handle.GetHashCode()));

        copy.Disconnect();
        Assert.That(handle.IsActive, Is.False);
        Assert.That(copy == handle, Is.True, "copies are equal when they are inactive, too");
        Assert.That(copy.GetHashCode(), Is.EqualTo(handle.GetHashCode()));
    }

    [Test]
    public void S9_handles_of_different_connections_differ()
    {
        var signal = new Signal();
        var other = new Signal();
        ConnectionHandle first = signal.Connect(() => { });
        ConnectionHandle second = signal.Connect(() => { });
        ConnectionHandle ofOther = other.Connect(() => { });
        first.Disconnect();
        signal.TrimExcess();
        ConnectionHandle third = signal.Connect(() => { });

        Assert.That(third.Index.Index, Is.EqualTo(first.Index.Index), "the index was not reused");
        Assert.That(ofOther.Index, Is.EqualTo(first.Index), "only the signal differs");
        ConnectionHandle[] handles = [first, second, ofOther, third, default];
        Assert.That(handles.Distinct().Count(), Is.EqualTo(5));
        Assert.That(first == second, Is.False);
        Assert.That(first != second, Is.True);
        Assert.That(first == third, Is.False);
        Assert.That(first == ofOther, Is.False);
        Assert.That(first.Equals("no handle"), Is.False);
        Assert.That(first.Equals(null), Is.False);
        Assert.That(handles.Select(handle => handle.GetHashCode()).Distinct().Count(), Is.EqualTo(5), "the hash uses all parts");
    }

    [Test]
    public void S9_default_handles_are_equal()
    {
        Assert.That(default(ConnectionHandle), Is.EqualTo(new ConnectionHandle()));
        Assert.That(default(ConnectionHandle).GetHashCode(), Is.EqualTo(new ConnectionHandle().GetHashCode()));
    }

    [Test]
    public void S9_handle_never_becomes_active_again_when_its_index_is_reused([Values(0, 1, 3)] int others)
    {
        var crowd = new Crowd(others);
        var signal = crowd.Signal;
        var old = new List<ConnectionHandle>();
        for (int life = 0; life < 500; life++)
        {
            ConnectionHandle handle = signal.Connect(() => { });
            Assert.That(old.Count(ended => ended.IsActive || ended.IsBlocked || ended.BelongsTo(signal)), Is.Zero);
            old.ForEach(ended => ended.Disconnect());
            Assert.That(handle.IsActive, Is.True, "an old handle must not end a new connection");
            handle.Disconnect();
            old.Add(handle);
        }

        Assert.That(old.Distinct().Count(), Is.EqualTo(500));
        Assert.That(signal.ConnectionCount, Is.EqualTo(others));
    }

    [Test]
    public void S9_old_handles_stay_inactive_when_the_indices_were_trimmed([Values(1, 4, 64, 200)] int count, [Values] bool byTrimming)
    {
        var crowd = new Crowd(1);
        for (int round = 0; round < 5; round++)
        {
            int first = crowd.Handles.Count;
            crowd.Connect(count);
            crowd.Disconnect(number => number >= first);
            if (byTrimming)
            {
                crowd.Signal.TrimExcess();
            }
        }

        crowd.Signal.DisconnectAll();
        int last = crowd.Handles.Count;
        crowd.Connect(2 * count);

        Assert.That(crowd.Handles.Take(last).Any(handle => handle.IsActive), Is.False);
        Assert.That(crowd.Handles.Skip(last).All(handle => handle.IsActive), Is.True);
        Assert.That(crowd.Handles.Distinct().Count(), Is.EqualTo(crowd.Handles.Count), "no two connections have equal handles");
        crowd.Disconnect(number => number < last);
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(2 * count));
    }

    [Test]
    public void S9_Disconnect_is_idempotent([Values(1, 2)] int count)
    {
        var crowd = new Crowd(count);
        for (int again = 0; again < 3; again++)
        {
            crowd.Handles[0].Disconnect();
            crowd.Handles[0].Dispose();
            crowd.Signal.Disconnect(crowd.Handles[0]);
        }

        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(count - 1));
    }

    [Test]
    public void S9_handle_of_another_signal_is_refused_and_nothing_changes([Values] bool ended)
    {
        var crowd = new Crowd(2);
        var other = new Crowd(2);
        ConnectionHandle foreign = other.Handles[0];
        other.Handles[1].Block(true);
        if (ended)
        {
            foreign.Disconnect();
        }

        string message =
            $"Connection 0.1 of Signal<String> ({(ended ? "ended" : "active")}) is not a connection of this Signal<String>. "
            + "Use the signal that created it, or the members of the handle. (Parameter 'handle')";
        AssertRefused(crowd.Signal, foreign, message);
        AssertRefused(crowd.Signal, default, $"Connection (none){message[message.IndexOf(" is not a", StringComparison.Ordinal)..]}");

        Assert.That(crowd.Callable, Is.EqualTo([0, 1]));
        Assert.That(crowd.Emit(), Is.EqualTo([0, 1]));
        Assert.That(foreign.IsActive, Is.Not.EqualTo(ended));
        Assert.That(other.Signal.ConnectionCount, Is.EqualTo(ended ? 1 : 2));
        Assert.That(other.Handles[1].IsBlocked, Is.True);
    }

    [Test]
    public void S9_signal_without_connections_also_refuses_handles()
    {
        var other = new Crowd(1);
        Assert.That(() => new Signal<string>().Disconnect(other.Handles[0]), Throws.ArgumentException);
        Assert.That(() => new Signal<string>().Disconnect(default), Throws.ArgumentException);
        Assert.That(other.Handles[0].IsActive, Is.True);
    }

    [Test]
    public void S9_BelongsTo_is_true_only_for_the_signal_of_an_active_connection([Values(1, 2)] int count)
    {
        var crowd = new Crowd(count);
        var other = new Crowd(count);
        Assert.That(crowd.Handles[0].BelongsTo(crowd.Signal), Is.True);
        Assert.That(crowd.Handles[0].BelongsTo(other.Signal), Is.False);
        crowd.Handles[0].Block(true);
        Assert.That(crowd.Handles[0].BelongsTo(crowd.Signal), Is.True, "a blocked connection is active");
        crowd.Handles[0].Disconnect();

        Assert.That(crowd.Handles[0].BelongsTo(crowd.Signal), Is.False, "a disconnected handle belongs to no signal");
    }

    [Test]
    public void S9_all_handles_are_inactive_after_DisconnectAll([Values(1, 2, 70)] int count)
    {
        var crowd = new Crowd(count);
        crowd.Signal.DisconnectAll();

        Assert.That(crowd.Handles.Any(handle => handle.IsActive || handle.BelongsTo(crowd.Signal)), Is.False);
        Assert.That(() => crowd.Disconnect(_ => true), Throws.Nothing);
        Assert.That(() => crowd.Signal.Disconnect(crowd.Handles[0]), Throws.Nothing);
    }

    [Test]
    public void S9_handle_is_inactive_as_soon_as_it_is_disconnected_inside_its_slot()
    {
        bool? active = null;
        int? count = null;
        var signal = new Signal();
        signal.ConnectReflective(handle =>
        {
            handle.Disconnect();
            active = handle.IsActive;
            count = signal.ConnectionCount;
        });
        signal.Emit();

        Assert.That(active, Is.False);
        Assert.That(count, Is.Zero);
    }

    [Test]
    public void S9_index_whose_generations_are_exhausted_is_retired()
    {
        var signal = new Signal();
        ConnectionHandle first = signal.Connect(() => { });
        ConnectionHandle keeper = signal.Connect(() => { });
        first.Disconnect();
        signal.TrimExcess();
        TableOf(signal).Age(first.Index.Index, uint.MaxValue);
        ConnectionHandle last = signal.Connect(() => { });
        Assert.That(last.Index, Is.EqualTo(new GenIndex(first.Index.Index, uint.MaxValue)));
        Assert.That(last.IsActive, Is.True);
        last.Disconnect();
        Assert.That(last.IsActive, Is.False);

        ConnectionHandle next = signal.Connect(() => { });
        Assert.That(next.Index.Index, Is.Not.EqualTo(first.Index.Index), "a retired index is not reused");
        Assert.That(first.IsActive || last.IsActive, Is.False);
        Assert.That(keeper.IsActive && next.IsActive, Is.True);
        Assert.That(default(ConnectionHandle).IsActive, Is.False);
    }

    [Test]
    public void S9_signal_that_repeatedly_loses_all_connections_never_repeats_a_handle([Values(1, 2, 13, 70)] int size, [Values] bool oneByOne)
    {
        var crowd = new Crowd(0);
        for (int round = 0; round < 5; round++)
        {
            crowd.Connect(size);
            if (oneByOne)
            {
                crowd.Disconnect(_ => true);
            }
            else
            {
                crowd.Signal.DisconnectAll();
            }
        }

        crowd.Connect(size);
        Assert.That(crowd.Handles, Is.Unique);
        Assert.That(crowd.Handles.SkipLast(size).Any(handle => handle.IsActive), Is.False);
        Assert.That(crowd.Handles.TakeLast(size).All(handle => handle.IsActive), Is.True);
    }

    [Test]
    public void S9_signal_whose_last_generation_ends_retires_every_index_it_has_used([Values(1, 2, 70)] int size, [Values] bool oneByOne)
    {
        // Earlier generations used more indices than the last one.
        var crowd = new Crowd(100);
        crowd.Signal.DisconnectAll();
        TableOf(crowd.Signal).Age(0, uint.MaxValue);
        crowd.Connect(size);
        Assert.That(crowd.Handles[100].Index, Is.EqualTo(new GenIndex(0, uint.MaxValue)));
        if (oneByOne)
        {
            crowd.Disconnect(_ => true);
        }
        else
        {
            crowd.Signal.DisconnectAll();
        }

        for (int round = 0; round < 3; round++)
        {
            int first = crowd.Handles.Count;
            crowd.Connect(size);
            Assert.That(crowd.Handles[first].Index.Index, Is.GreaterThanOrEqualTo(100), "a retired index is not reused");
            Assert.That(crowd.Callable, Is.EqualTo(Enumerable.Range(first, size)));
            Assert.That(crowd.Emit(), Is.EqualTo(crowd.Callable));
            crowd.Disconnect(_ => true);
        }

        Assert.That(crowd.Handles, Is.Unique);
        Assert.That(crowd.Signal.IsEmpty, Is.True);
    }

    [Test]
    public void S9_every_handle_identifies_its_connection_after_each_move(
        [Values(2, 4, 5, 12, 13, 32, 33, 64, 65, 128, 200)] int size,
        [Values(2, 3, 20)] int keepEach,
        [Values] bool trim
    )
    {
        var crowd = new Crowd(size);
        crowd.Disconnect(number => number % keepEach != 0);
        if (trim)
        {
            crowd.Signal.TrimExcess();
        }

        crowd.Connect(size);
        crowd.Disconnect(number => number > size && number % keepEach == 0);
        crowd.Connect(size);
        Assert.That(crowd.Handles, Is.Unique);
        Assert.That(crowd.Emit(), Is.EqualTo(crowd.Callable));
        foreach (int number in crowd.Callable)
        {
            crowd.Handles[number].Disconnect();
            Assert.That(crowd.Handles[number].IsActive, Is.False);
            Assert.That(crowd.Emit(), Is.EqualTo(crowd.Callable));
        }
    }

    private static void AssertRefused(SignalBase signal, ConnectionHandle handle, string message)
    {
        Assert.That(() => signal.Disconnect(handle), Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(() => signal.BlockConnection(handle, true), Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(() => signal.IsConnectionBlocked(handle), Throws.ArgumentException.With.Message.EqualTo(message));
    }

    private static SlotTable TableOf(SignalBase signal) => signal.RequireTable();
}
