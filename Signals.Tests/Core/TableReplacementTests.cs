using NUnit.Framework;

namespace Signals.Tests.Core;

/// <summary>
/// Changes of the storage by slots during the emission that runs them: growing by copying and by chunks, compacting, moving to a small
/// table, trimming, emptying and refilling. The sizes are those at which the storage changes its structure, and adjacent ones.
/// </summary>
public sealed class TableReplacementTests
{
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 12, 13, 32, 33, 64, 65, 128, 129, 1000, 1025];

    [Test]
    public void S2_S3_S4_emission_continues_exactly_when_a_slot_changes_the_storage(
        [Values] Change change,
        [ValueSource(nameof(Sizes))] int size,
        [Values(0, 1, 2)] int third,
        [Values] bool nested
    )
    {
        var crowd = new Crowd(size);
        int position = third * (size - 1) / 2;
        int[] callable = [];
        crowd.Inside[position] = () =>
        {
            Make(change, crowd, position);
            callable = crowd.Callable;
            if (nested)
            {
                crowd.Signal.Emit("");
            }
        };

        int[] calls = crowd.Emit();

        IEnumerable<int> inner = nested ? callable : [];
        IEnumerable<int> rest = callable.Where(number => number > position && number < size);
        Assert.That(calls, Is.EqualTo((IEnumerable<int>)[.. Enumerable.Range(0, position + 1), .. inner, .. rest]), "the running emission");
        Assert.That(crowd.Emit(), Is.EqualTo(callable), "the next emission");
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(crowd.Handles.Count(handle => handle.IsActive)));
    }

    [Test]
    public void S3_slot_disconnected_after_the_storage_was_replaced_is_not_called([Values] Change change, [Values(4, 64, 128, 1000)] int size)
    {
        var crowd = new Crowd(size);
        crowd.Inside[0] = () =>
        {
            Make(change, crowd, 0);
            crowd.Handles[size - 1].Disconnect();
        };

        Assert.That(crowd.Emit(), Does.Not.Contain(size - 1));
        Assert.That(crowd.Emit(), Is.EqualTo(crowd.Callable));
    }

    [Test]
    public void S8_blocked_connection_stays_blocked_across_a_replacement_and_is_unblocked_in_its_position(
        [Values] Change change,
        [Values(3, 4, 5, 64, 65, 128, 1000)] int size
    )
    {
        var crowd = new Crowd(size);
        int last = size - 1;
        crowd.Handles[last].Block(true);
        crowd.Inside[0] = () => Make(change, crowd, 0);
        Assert.That(crowd.Emit(), Does.Not.Contain(last), "blocked");
        Assert.That(crowd.Signal.IsConnectionBlocked(crowd.Handles[last]), Is.EqualTo(crowd.Handles[last].IsActive));
        if (!crowd.Handles[last].IsActive)
        {
            return;
        }

        Assert.That(crowd.Handles[last].Block(false), Is.True);
        int[] expected = crowd.Callable;
        Assert.That(expected, Does.Contain(last));
        Assert.That(crowd.Emit(), Is.EqualTo(expected), "unblocked");
    }

    [Test]
    public void S8_slot_unblocked_after_a_replacement_is_called_by_the_emission_that_had_not_reached_it(
        [Values(Change.Grow, Change.Compact, Change.KeepFew, Change.Trim, Change.EraseSome)] Change change,
        [Values(3, 4, 5, 64, 65, 128, 1000)] int size
    )
    {
        var crowd = new Crowd(size);
        int last = size - 1;
        crowd.Handles[last].Block(true);
        crowd.Inside[0] = () =>
        {
            Make(change, crowd, 0);
            crowd.Handles[last].Block(false);
        };

        Assert.That(crowd.Emit()[^1], Is.EqualTo(last));
    }

    [Test]
    public void S8_slot_blocked_after_a_replacement_is_skipped_by_the_emission_that_had_not_reached_it(
        [Values(Change.Grow, Change.Compact, Change.KeepFew, Change.Trim, Change.EraseSome)] Change change,
        [Values(3, 4, 5, 64, 65, 128, 1000)] int size
    )
    {
        var crowd = new Crowd(size);
        int last = size - 1;
        crowd.Inside[0] = () =>
        {
            Make(change, crowd, 0);
            crowd.Handles[last].Block(true);
        };

        Assert.That(crowd.Emit(), Does.Not.Contain(last));
        Assert.That(crowd.Handles[last].IsBlocked, Is.True);
    }

    [Test]
    public void S7_exception_thrown_after_a_replacement_prevents_no_other_slot_and_names_its_connection(
        [Values] Change change,
        [Values(1, 2, 4, 12, 64, 65, 128, 1000)] int size,
        [Values(0, 1, 2)] int third
    )
    {
        var failures = new List<(Exception Exception, ConnectionHandle Handle)>();
        var log = new List<int>();
        var signal = new Signal(new SignalOptions { ExceptionHandler = (exception, handle) => failures.Add((exception, handle)) });
        var handles = new List<ConnectionHandle>();
        int position = third * (size - 1) / 2;
        for (int i = 0; i < size; i++)
        {
            int number = i;
            handles.Add(signal.Connect(() => Run(number)));
        }

        signal.Emit();

        ConnectionHandle thrower = handles[position];
        IEnumerable<int> expected = Enumerable.Range(0, size).Where(number => number <= position || handles[number].IsActive);
        Assert.That(log, Is.EqualTo(expected));
        Assert.That(failures, Has.Count.EqualTo(1));
        Assert.That(failures[0].Exception.Message, Is.EqualTo("thrown"));
        Assert.That(failures[0].Handle, Is.EqualTo(thrower));

        void Run(int number)
        {
            log.Add(number);
            if (number != position)
            {
                return;
            }

            Make(
                change,
                signal,
                handles,
                position,
                count =>
                {
                    for (int i = 0; i < count; i++)
                    {
                        handles.Add(signal.Connect(() => log.Add(-1)));
                    }
                }
            );
            throw new InvalidOperationException("thrown");
        }
    }

    [Test]
    public void S1_removing_the_first_one_by_one_keeps_the_order_at_every_size()
    {
        var crowd = new Crowd(300);
        for (int number = 0; number < 300; number++)
        {
            crowd.Handles[number].Disconnect();
            Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(number + 1, 299 - number)));
        }
    }

    [Test]
    public void S1_removing_the_last_one_by_one_keeps_the_order_at_every_size()
    {
        var crowd = new Crowd(300);
        for (int number = 299; number >= 0; number--)
        {
            crowd.Handles[number].Disconnect();
            Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, number)));
        }
    }

    [Test]
    public void S4_storage_can_shrink_and_grow_again_many_times_inside_one_emission([Values(65, 128, 1000)] int size)
    {
        var crowd = new Crowd(size);
        for (int number = 0; number < 5; number++)
        {
            crowd.Inside[number] = () =>
            {
                int first = crowd.Handles.Count;
                crowd.Connect(size * 2);
                crowd.Disconnect(connected => connected >= first);
                crowd.Signal.TrimExcess();
                crowd.Connect(1);
            };
        }

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, size)));
        Assert.That(crowd.Emit(), Is.EqualTo(crowd.Callable));
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(size + 5));
    }

    [Test]
    public void TrimExcess_changes_no_observable_state([Values(0, 1, 2, 5, 64, 1000)] int size, [Values] bool sparse)
    {
        var crowd = new Crowd(size);
        if (sparse)
        {
            crowd.Disconnect(number => number % 7 != 0);
        }

        int[] expected = crowd.Callable;
        crowd.Signal.TrimExcess();
        Assert.That(crowd.Callable, Is.EqualTo(expected));
        Assert.That(crowd.Emit(), Is.EqualTo(expected));
        crowd.Connect(3);
        crowd.Signal.TrimExcess();
        Assert.That(crowd.Emit(), Is.EqualTo((IEnumerable<int>)[.. expected, size, size + 1, size + 2]));
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(expected.Length + 3));
    }

    [Test]
    public void TrimExcess_releases_memory()
    {
        var crowd = new Crowd(40_000);
        crowd.Disconnect(number => number >= 3000);
        long before = RetainedBy(crowd);
        crowd.Signal.TrimExcess();

        Assert.That(before - RetainedBy(crowd), Is.GreaterThan(30_000 * 8));
    }

    private static long RetainedBy(Crowd crowd)
    {
        long size = Garbage.RetainedBytes();
        GC.KeepAlive(crowd);
        return size;
    }

    private static void Make(Change change, Crowd crowd, int position) => Make(change, crowd.Signal, crowd.Handles, position, crowd.Connect);

    private static void Make(Change change, SignalBase signal, List<ConnectionHandle> handles, int position, Action<int> connect)
    {
        int size = handles.Count;
        switch (change)
        {
            case Change.Grow:
                connect((2 * size) + 10);
                break;
            case Change.EraseSome:
                Disconnect(number => number % 3 == 1 && number != size - 1);
                break;
            case Change.Compact:
                Disconnect(number => number % 2 == 1 && number != size - 1);
                connect(size);
                break;
            case Change.KeepFew:
                Disconnect(number => number != 0 && number != position && number < size - 2);
                break;
            case Change.KeepFewAndGrow:
                Disconnect(number => number != 0 && number < size - 2);
                connect(size + 70);
                break;
            case Change.Trim:
                Disconnect(number => number % 2 == 1 && number != size - 1);
                signal.TrimExcess();
                break;
            case Change.EmptyOneByOne:
                Disconnect(_ => true);
                break;
            case Change.EmptyAndRefill:
                signal.DisconnectAll();
                connect(size);
                break;
            case Change.EmptyOneByOneAndRefill:
                Disconnect(_ => true);
                connect(size);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change));
        }

        void Disconnect(Func<int, bool> which)
        {
            for (int number = 0; number < size; number++)
            {
                if (which(number))
                {
                    handles[number].Disconnect();
                }
            }
        }
    }

    public enum Change
    {
        Grow,
        EraseSome,
        Compact,
        KeepFew,
        KeepFewAndGrow,
        Trim,
        EmptyOneByOne,
        EmptyAndRefill,
        EmptyOneByOneAndRefill,
    }
}
