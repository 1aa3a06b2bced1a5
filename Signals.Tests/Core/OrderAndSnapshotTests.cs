using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class OrderAndSnapshotTests
{
    [Test]
    public void S1_slots_run_in_the_order_in_which_they_were_connected([Values(0, 1, 2, 3, 4, 5, 12, 13, 32, 33, 64, 65, 128, 129, 1000, 5000)] int count)
    {
        var crowd = new Crowd(count);

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, count)));
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(count));
        Assert.That(crowd.Signal.IsEmpty, Is.EqualTo(count == 0));
    }

    [Test]
    public void S1_order_survives_any_number_of_disconnects_and_connects([Values(2, 3, 5, 7)] int step)
    {
        var crowd = new Crowd(10);
        for (int round = 1; round <= 40; round++)
        {
            int offset = round % step;
            crowd.Disconnect(number => number % step == offset);
            crowd.Connect(round);
            int[] expected = crowd.Callable;

            Assert.That(crowd.Emit(), Is.EqualTo(expected), $"round {round}");
            Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(expected.Length), $"round {round}");
        }
    }

    [Test]
    public void S1_slot_that_reuses_the_index_of_a_disconnected_one_runs_last()
    {
        var crowd = new Crowd(3);
        crowd.Handles[0].Disconnect();
        crowd.Signal.TrimExcess();
        crowd.Connect(1);

        Assert.That(crowd.Handles[3].Index.Index, Is.EqualTo(crowd.Handles[0].Index.Index), "the index was not reused");
        Assert.That(crowd.Emit(), Is.EqualTo([1, 2, 3]));
    }

    [Test]
    public void S1_all_kinds_of_connections_share_one_order()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        var target = new Signal<int>();
        var owner = new object();
        target.Connect(_ => log.Add("chained"));

        signal.Connect(_ => log.Add("plain"));
        signal.Connect(() => log.Add("dropping"));
        signal.Connect(target);
        signal.ConnectSingleShot(_ => log.Add("once"));
        signal.Connect("state", (state, _) => log.Add(state));
        signal.ConnectReflective((_, _) => log.Add("reflective"));
        signal.ConnectWeak(owner, (_, _) => log.Add("weak"));
        signal.Connect(_ => log.Add("last"));

        signal.Emit(1);
        Assert.That(log.Take(), Is.EqualTo("plain dropping chained once state reflective weak last"));
        signal.Emit(2);
        Assert.That(log.Take(), Is.EqualTo("plain dropping chained state reflective weak last"));
        GC.KeepAlive(owner);
    }

    [Test]
    public void S1_one_slot_connected_twice_runs_twice_and_each_connection_ends_alone()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        Action<int> slot = value => log.Add(value);
        ConnectionHandle first = signal.Connect(slot);
        ConnectionHandle second = signal.Connect(slot);
        signal.Emit(1);
        first.Disconnect();
        signal.Emit(2);

        Assert.That(log.Take(), Is.EqualTo("1 1 2"));
        Assert.That(second.IsActive, Is.True);
    }

    [Test]
    public void S1_unblocked_slot_runs_in_its_previous_position()
    {
        var crowd = new Crowd(1);
        crowd.Handles[0].Block(true);
        crowd.Connect(2);
        Assert.That(crowd.Emit(), Is.EqualTo([1, 2]));
        crowd.Handles[0].Block(false);

        Assert.That(crowd.Emit(), Is.EqualTo([0, 1, 2]));
    }

    [Test]
    public void S2_slot_connected_during_emission_waits_for_the_next_one([Values(1, 2, 3, 4, 12, 32, 64, 128, 1000)] int count, [Values(1, 200)] int added)
    {
        var crowd = new Crowd(count);
        crowd.Inside[0] = () => crowd.Connect(added);

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, count)), "the running emission");
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, count + added)), "the next emission");
    }

    [Test]
    public void S2_slot_connected_by_the_last_slot_waits_for_the_next_emission([Values(1, 2, 3, 5, 64)] int count)
    {
        var crowd = new Crowd(count);
        crowd.Inside[count - 1] = () => crowd.Connect(1);

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, count)));
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, count + 1)));
    }

    [Test]
    public void S2_slot_that_connects_itself_again_runs_once_in_each_emission([Values(0, 1, 5)] int others)
    {
        int calls = 0;
        var signal = new Signal();
        ConnectionHandle handle = default;
        handle = signal.Connect(Slot);
        for (int i = 0; i < others; i++)
        {
            signal.Connect(() => { });
        }

        for (int emission = 1; emission <= 100; emission++)
        {
            signal.Emit();
            Assert.That(calls, Is.EqualTo(emission));
        }

        Assert.That(signal.ConnectionCount, Is.EqualTo(others + 1));

        void Slot()
        {
            calls++;
            handle.Disconnect();
            handle = signal.Connect(Slot);
        }
    }

    [Test]
    public void S2_nested_emission_calls_the_slot_connected_during_the_outer_one([Values(1, 2, 4, 64)] int count)
    {
        var crowd = new Crowd(count);
        crowd.Inside[0] = () =>
        {
            crowd.Connect(1);
            crowd.Signal.Emit("");
        };

        IEnumerable<int> expected = [0, .. Enumerable.Range(0, count + 1), .. Enumerable.Range(1, count - 1)];
        Assert.That(crowd.Emit(), Is.EqualTo(expected));
    }

    [Test]
    public void S2_slot_connected_in_a_nested_emission_waits_there_and_in_the_outer_one()
    {
        var crowd = new Crowd(2);
        crowd.Inside[0] = () =>
        {
            crowd.Inside[0] = () => crowd.Connect(1);
            crowd.Signal.Emit("");
        };

        Assert.That(crowd.Emit(), Is.EqualTo([0, 0, 1, 1]));
        Assert.That(crowd.Emit(), Is.EqualTo([0, 1, 2]));
    }

    [Test]
    public void S2_slot_that_reuses_the_index_of_a_disconnected_one_also_waits([Values(2, 5, 65, 200)] int count)
    {
        var crowd = new Crowd(count);
        crowd.Inside[0] = () =>
        {
            crowd.Handles[count - 1].Disconnect();
            crowd.Connect(1);
        };

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, count - 1)));
        Assert.That(crowd.Emit(), Is.EqualTo((IEnumerable<int>)[.. Enumerable.Range(0, count - 1), count]));
    }
}
