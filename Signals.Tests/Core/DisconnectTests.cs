using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class DisconnectTests
{
    [Test]
    public void S3_disconnected_slot_is_not_called_again([Values] HowToEnd how, [Values(1, 2, 5)] int count)
    {
        var crowd = new Crowd(count);
        End(crowd.Signal, crowd.Handles[0], how);

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(1, count - 1)));
        Assert.That(crowd.Handles[0].IsActive, Is.False);
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(count - 1));
        Assert.That(crowd.Signal.IsEmpty, Is.EqualTo(count == 1));
    }

    [Test]
    public void S3_slot_disconnected_by_an_earlier_one_is_not_called_by_the_running_emission([Values] HowToEnd how)
    {
        var crowd = new Crowd(4);
        crowd.Inside[1] = () => End(crowd.Signal, crowd.Handles[2], how);

        Assert.That(crowd.Emit(), Is.EqualTo([0, 1, 3]));
    }

    [Test]
    public void S3_slot_disconnected_by_a_later_one_is_not_called_by_the_next_emission()
    {
        var crowd = new Crowd(4);
        crowd.Inside[2] = () => crowd.Handles[1].Disconnect();

        Assert.That(crowd.Emit(), Is.EqualTo([0, 1, 2, 3]));
        Assert.That(crowd.Emit(), Is.EqualTo([0, 2, 3]));
    }

    [Test]
    public void S3_slot_disconnected_in_a_nested_emission_is_not_called_by_the_emissions_around_it([Values(3, 64, 200)] int count)
    {
        var crowd = new Crowd(count);
        crowd.Inside[0] = () =>
        {
            crowd.Inside[1] = () => crowd.Handles[count - 1].Disconnect();
            crowd.Signal.Emit("");
        };

        IEnumerable<int> expected = [0, .. Enumerable.Range(0, count - 1), .. Enumerable.Range(1, count - 2)];
        Assert.That(crowd.Emit(), Is.EqualTo(expected));
    }

    [Test]
    public void S3_every_order_of_disconnecting_leaves_exactly_the_others([Values] bool duringEmission)
    {
        foreach (int[] order in Permutations([1, 2, 3, 4, 5]))
        {
            for (int stop = 0; stop <= order.Length; stop++)
            {
                var crowd = new Crowd(7);
                int[] gone = order[..stop];
                void EndThem() => Array.ForEach(gone, number => crowd.Handles[number].Disconnect());
                if (duringEmission)
                {
                    crowd.Inside[0] = EndThem;
                }
                else
                {
                    EndThem();
                }

                IEnumerable<int> expected = Enumerable.Range(0, 7).Except(gone);
                string message = $"disconnected in the order {string.Join(' ', gone)}";
                Assert.That(crowd.Emit(), Is.EqualTo(expected), message);
                Assert.That(crowd.Emit(), Is.EqualTo(expected), message);
            }
        }
    }

    [Test]
    public void S3_every_slot_may_disconnect_its_neighbors_in_every_order()
    {
        foreach (int[] order in Permutations([0, 1, 2, 4, 5, 6]))
        {
            var crowd = new Crowd(8);
            crowd.Inside[3] = () => Array.ForEach(order, number => crowd.Handles[number].Disconnect());

            Assert.That(crowd.Emit(), Is.EqualTo([0, 1, 2, 3, 7]), string.Join(' ', order));
            Assert.That(crowd.Emit(), Is.EqualTo([3, 7]), string.Join(' ', order));
        }
    }

    [TestCase(60, 70)]
    [TestCase(63, 63)]
    [TestCase(64, 64)]
    [TestCase(63, 64)]
    [TestCase(1, 126)]
    [TestCase(120, 140)]
    [TestCase(64, 127)]
    [TestCase(200, 299)]
    public void S3_runs_of_disconnected_slots_across_chunks_are_skipped_exactly(int first, int last)
    {
        foreach (bool backwards in (bool[])[false, true])
        {
            var crowd = new Crowd(300);
            IEnumerable<int> gone = Enumerable.Range(first, last - first + 1);
            foreach (int number in backwards ? gone.Reverse() : gone)
            {
                crowd.Handles[number].Disconnect();
                int[] expected = crowd.Callable;
                Assert.That(crowd.Emit(), Is.EqualTo(expected), $"after {number}, backwards: {backwards}");
            }
        }
    }

    [Test]
    public void S5_slot_may_disconnect_itself([Values(1, 2, 3, 64, 200)] int count)
    {
        var crowd = new Crowd(count);
        for (int number = 0; number < count; number++)
        {
            ConnectionHandle own = crowd.Handles[number];
            crowd.Inside[number] = () => own.Disconnect();
        }

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, count)));
        Assert.That(crowd.Signal.IsEmpty, Is.True);
        Assert.That(crowd.Emit(), Is.Empty);
    }

    [Test]
    public void S5_no_slot_is_started_after_DisconnectAll_inside_one(
        [Values(1, 2, 3, 4, 64, 65, 1000)] int count,
        [Values(0, 1, 2)] int third,
        [Values] bool refill
    )
    {
        var crowd = new Crowd(count);
        int position = third * (count - 1) / 2;
        crowd.Inside[position] = () =>
        {
            crowd.Signal.DisconnectAll();
            crowd.Connect(refill ? count : 0);
        };

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, position + 1)));
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(count, refill ? count : 0)));
        Assert.That(crowd.Handles.Take(count).Any(handle => handle.IsActive), Is.False);
        Assert.That(crowd.Handles.Skip(count).All(handle => handle.IsActive), Is.True);
        Assert.That(crowd.Signal.IsDisposed, Is.False);
    }

    [Test]
    public void S5_no_slot_is_started_after_Dispose_inside_one([Values(1, 2, 3, 4, 64, 65, 1000)] int count, [Values(0, 1, 2)] int third)
    {
        var crowd = new Crowd(count);
        int position = third * (count - 1) / 2;
        crowd.Inside[position] = crowd.Signal.Dispose;

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, position + 1)));
        Assert.That(crowd.Emit(), Is.Empty);
        Assert.That(crowd.Signal.IsDisposed, Is.True);
    }

    [Test]
    public void S5_DisconnectAll_in_a_nested_emission_ends_the_emissions_around_it([Values] bool dispose, [Values(2, 5, 100)] int count)
    {
        var crowd = new Crowd(count);
        crowd.Inside[0] = () =>
        {
            crowd.Inside[1] = dispose ? crowd.Signal.Dispose : crowd.Signal.DisconnectAll;
            crowd.Signal.Emit("");
        };

        Assert.That(crowd.Emit(), Is.EqualTo([0, 0, 1]));
    }

    [Test]
    public void S5_slot_may_block_another_for_the_rest_of_the_emission_and_unblock_it([Values(3, 64, 200)] int count)
    {
        var crowd = new Crowd(count);
        crowd.Inside[0] = () => crowd.Handles[count - 1].Block(true);
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, count - 1)));

        crowd.Inside[0] = () => crowd.Handles[count - 1].Block(false);
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, count)));
    }

    [Test]
    public void S5_slot_may_block_itself([Values(1, 3)] int count)
    {
        var crowd = new Crowd(count);
        crowd.Inside[0] = () => crowd.Handles[0].Block(true);

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, count)));
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(1, count - 1)));
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(count), "a blocked connection still counts");
    }

    [Test]
    public void DisconnectAll_on_a_fresh_signal_does_nothing_and_leaves_it_usable()
    {
        var crowd = new Crowd(0);
        crowd.Signal.DisconnectAll();
        crowd.Connect(1);

        Assert.That(crowd.Emit(), Is.EqualTo([0]));
    }

    [Test]
    public void Signal_can_be_emptied_and_refilled_repeatedly([Values(1, 2, 5, 70)] int count, [Values] bool all)
    {
        var crowd = new Crowd(0);
        for (int round = 0; round < 50; round++)
        {
            crowd.Connect(count);
            Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(round * count, count)));
            if (all)
            {
                crowd.Signal.DisconnectAll();
            }
            else
            {
                crowd.Disconnect(_ => true);
            }

            Assert.That(crowd.Emit(), Is.Empty);
            Assert.That(crowd.Signal.ConnectionCount, Is.Zero);
            Assert.That(crowd.Signal.IsEmpty, Is.True);
        }

        Assert.That(crowd.Handles.Any(handle => handle.IsActive), Is.False);
        Assert.That(crowd.Handles.Distinct().Count(), Is.EqualTo(50 * count), "each connection has its own handle");
    }

    private static void End(SignalBase signal, ConnectionHandle handle, HowToEnd how)
    {
        switch (how)
        {
            case HowToEnd.ByHandle:
                handle.Disconnect();
                break;
            case HowToEnd.BySignal:
                signal.Disconnect(handle);
                break;
            default:
                handle.Dispose();
                break;
        }
    }

    private static IEnumerable<int[]> Permutations(int[] numbers) =>
        numbers.Length == 0
            ?
            [
                [],
            ]
            : numbers.SelectMany(first => Permutations([.. numbers.Where(number => number != first)]).Select(rest => (int[])[first, .. rest]));

    public enum HowToEnd
    {
        ByHandle,
        BySignal,
        ByDisposingHandle,
    }
}
