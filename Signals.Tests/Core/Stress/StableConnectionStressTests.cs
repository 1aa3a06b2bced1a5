using System.Diagnostics;
using NUnit.Framework;

namespace Signals.Tests.Core.Stress;

/// <summary>
/// Permanent connections must not miss an emission or receive one twice or out of order, while another thread changes their table: it
/// grows, is compacted, is replaced by its spare, and is created and released with the second connection.
/// </summary>
[TestFixture]
public class StableConnectionStressTests
{
    private const int Emissions = 20_000;

    [Test]
    public void S1_stable_connections_get_every_emission_once_despite_a_thread_that_connects_and_disconnects(
        [Values(1, 2, 10, 70)] int stable,
        [Values(1, 3, 100, 1000)] int churned
    )
    {
        var signal = new Signal<int>();
        StableSlot[] slots = Connect(signal, stable);
        int emissions = Math.Max(2000, Emissions / stable);

        RunBeside(
            signal,
            emissions,
            () =>
            {
                var handles = new List<ConnectionHandle>(churned);
                for (int i = 0; i < churned; i++)
                {
                    handles.Add(signal.Connect(static (int _) => { }));
                }

                foreach (ConnectionHandle handle in handles)
                {
                    handle.Disconnect();
                }
            }
        );

        AssertGotAll(slots, emissions);
        Assert.That(signal.ConnectionCount, Is.EqualTo(stable));
    }

    [Test]
    public void S1_stable_connections_get_every_emission_once_despite_a_thread_that_leaves_holes_between_them([Values(1, 2, 10, 70)] int stable)
    {
        var signal = new Signal<int>();

        // Far more temporary connections than permanent ones: removing them makes a run of holes, and then moves the rest to the spare.
        var between = new Queue<ConnectionHandle>();
        var slots = new StableSlot[stable];
        for (int i = 0; i < stable; i++)
        {
            for (int j = 0; j < 20; j++)
            {
                between.Enqueue(signal.Connect(static (int _) => { }));
            }

            slots[i] = new StableSlot();
            signal.Connect(slots[i].Run);
        }

        int emissions = Math.Max(2000, Emissions / stable);
        RunBeside(
            signal,
            emissions,
            () =>
            {
                while (between.TryDequeue(out ConnectionHandle handle))
                {
                    handle.Disconnect();
                }

                for (int i = 0; i < 20 * stable; i++)
                {
                    between.Enqueue(signal.Connect(static (int _) => { }));
                }
            }
        );

        AssertGotAll(slots, emissions);
    }

    [Test]
    public void S1_stable_connections_get_every_emission_once_despite_a_thread_that_trims_and_blocks([Values(1, 2, 10, 70)] int stable)
    {
        var signal = new Signal<int>();
        StableSlot[] slots = Connect(signal, stable);
        ConnectionHandle other = signal.Connect(static (int _) => { });
        int emissions = Math.Max(2000, Emissions / stable);

        RunBeside(
            signal,
            emissions,
            () =>
            {
                other.Block(true);
                signal.TrimExcess();
                ConnectionHandle more = signal.Connect(static (int _) => { });
                other.Block(false);
                more.Disconnect();
                signal.TrimExcess();
            }
        );

        AssertGotAll(slots, emissions);
    }

    [Test]
    public void S1_stable_connections_get_every_emission_of_two_emitters([Values(1, 2, 10, 70)] int stable)
    {
        var signal = new Signal<int>();
        var calls = new int[stable];
        for (int i = 0; i < stable; i++)
        {
            int slot = i;
            signal.Connect((int _) => Interlocked.Increment(ref calls[slot]));
        }

        int emissions = Math.Max(1000, Emissions / 2 / stable);
        int emitting = 2;
        Action emit = () =>
        {
            for (int i = 0; i < emissions; i++)
            {
                signal.Emit(i);
            }

            Interlocked.Decrement(ref emitting);
        };
        Worker.RunAll(
            emit,
            emit,
            () =>
            {
                while (Volatile.Read(ref emitting) != 0)
                {
                    ConnectionHandle first = signal.Connect(static (int _) => { });
                    ConnectionHandle second = signal.Connect(static (int _) => { });
                    first.Disconnect();
                    second.Disconnect();
                }
            }
        );

        Assert.That(calls, Is.All.EqualTo(2 * emissions));
    }

    [Test]
    public void S1_a_single_connection_gets_every_emission_while_a_second_one_connects_and_disconnects()
    {
        const int Count = 2000;

        // A thread that has run alone for this long shares its core with the other one and yields. It must not yield earlier, or the two
        // would never run concurrently.
        const int Patience = 20_000;
        (Signal<int> Signal, StableSlot Slot)[] signals = [.. Enumerable.Range(0, Count).Select(_ => (new Signal<int>(), new StableSlot()))];
        foreach ((Signal<int> signal, StableSlot slot) in signals)
        {
            signal.Connect(slot.Run);
        }

        // The two threads advance from signal to signal together: each signal is emitted in a tight loop while its first table is created.
        var emissions = new int[Count];
        int emitting = -1;
        int changed = -1;
        var watch = Stopwatch.StartNew();
        Worker.RunAll(
            () =>
            {
                // On a machine that is busy, fewer signals than there are.
                for (int i = 0; i < Count && watch.Elapsed < Bounded.Repetition; i++)
                {
                    Volatile.Write(ref emitting, i);
                    Signal<int> signal = signals[i].Signal;
                    while (Volatile.Read(ref changed) < i)
                    {
                        signal.Emit(emissions[i]++);
                        if (emissions[i] % Patience == 0)
                        {
                            Thread.Yield();
                        }
                    }
                }

                Volatile.Write(ref emitting, Count);
            },
            () =>
            {
                for (int i = 0; i < Count; i++)
                {
                    for (int spins = 1; Volatile.Read(ref emitting) < i; spins++)
                    {
                        if (spins % Patience == 0)
                        {
                            Thread.Yield();
                        }
                    }

                    if (Volatile.Read(ref emitting) == Count)
                    {
                        return;
                    }

                    signals[i].Signal.Connect(static (int _) => { }).Disconnect();
                    signals[i].Signal.Connect(static (int _) => { }).Disconnect();
                    Volatile.Write(ref changed, i);
                }
            }
        );

        Assert.That(signals.Select(pair => pair.Slot.Calls), Is.EqualTo(emissions));
        Assert.That(signals.Select(pair => pair.Slot.OutOfOrder), Is.All.Zero);
    }

    [Test]
    public void S9_handle_is_active_from_connect_to_disconnect_while_another_thread_changes_the_storage([Values(0, 1, 10, 70)] int others)
    {
        const int Handles = 300;
        var signal = new Signal<int>();
        Connect(signal, others);
        int inactive = 0;
        int revived = 0;
        int stop = 0;
        Worker.RunAll(
            () =>
            {
                for (int i = 0; i < Handles; i++)
                {
                    ConnectionHandle handle = signal.Connect(static (int _) => { });
                    for (int j = 0; j < 200; j++)
                    {
                        inactive += handle.IsActive ? 0 : 1;
                    }

                    handle.Disconnect();
                    for (int j = 0; j < 200; j++)
                    {
                        revived += handle.IsActive ? 1 : 0;
                    }
                }

                Volatile.Write(ref stop, 1);
            },
            () =>
            {
                for (int round = 0; Volatile.Read(ref stop) == 0; round++)
                {
                    ConnectionHandle[] handles = [.. Enumerable.Range(0, 1 + (round % 150)).Select(_ => signal.Connect(static (int _) => { }))];
                    Array.ForEach(handles, handle => handle.Disconnect());
                    if (round % 16 == 0)
                    {
                        signal.TrimExcess();
                    }
                }
            }
        );

        Assert.That((inactive, revived), Is.EqualTo((0, 0)));
        Assert.That(signal.ConnectionCount, Is.EqualTo(others));
    }

    [Test]
    public void S1_the_first_connection_is_not_lost_when_many_threads_connect_at_the_same_time()
    {
        for (int round = 0; round < 300; round++)
        {
            var signal = new Signal<int>();
            using var barrier = new Barrier(3);
            int calls = 0;
            Action connect = () =>
            {
                Bounded.Wait(barrier);
                signal.Connect((int _) => Interlocked.Increment(ref calls));
                signal.Connect((int _) => Interlocked.Increment(ref calls));
            };
            Worker.RunAll(connect, connect, connect);

            signal.Emit(1);

            Assert.That((calls, signal.ConnectionCount), Is.EqualTo((6, 6)));
        }
    }

    private static StableSlot[] Connect(Signal<int> signal, int count)
    {
        var slots = new StableSlot[count];
        for (int i = 0; i < count; i++)
        {
            slots[i] = new StableSlot();
            signal.Connect(slots[i].Run);
        }

        return slots;
    }

    /// <summary>Emits a specified number of times on one thread while another thread repeats an action.</summary>
    private static void RunBeside(Signal<int> signal, int emissions, Action churn)
    {
        using var barrier = new Barrier(2);
        bool done = false;
        Worker.RunAll(
            () =>
            {
                try
                {
                    Bounded.Wait(barrier);
                    for (int i = 0; i < emissions; i++)
                    {
                        signal.Emit(i);
                    }
                }
                finally
                {
                    Volatile.Write(ref done, true);
                }
            },
            () =>
            {
                Bounded.Wait(barrier);
                do
                {
                    churn();
                } while (!Volatile.Read(ref done));
            }
        );
    }

    private static void AssertGotAll(StableSlot[] slots, int emissions)
    {
        Assert.That(slots.Select(slot => slot.Calls), Is.All.EqualTo(emissions));
        Assert.That(slots.Select(slot => slot.OutOfOrder), Is.All.Zero);
    }

    /// <summary>Slot that checks the numbered emissions of one thread.</summary>
    private sealed class StableSlot
    {
        internal int Calls { get; private set; }

        internal int OutOfOrder { get; private set; }

        internal void Run(int emission)
        {
            if (emission != Calls)
            {
                OutOfOrder++;
            }

            Calls++;
        }
    }
}
