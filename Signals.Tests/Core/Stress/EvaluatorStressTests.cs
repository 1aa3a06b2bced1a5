using System.Diagnostics;
using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Stress;

[TestFixture]
public class EvaluatorStressTests
{
    private const int Emitters = 3;
    private const int Emissions = 3000;

    private static readonly Func<ConnectionEvaluatorOptions, ConnectionEvaluator>[] Pumped =
    [
        static options => new ThreadEvaluator(null, options),
        static options => new ThreadPoolEvaluator(options),
    ];

    [Test]
    public void E10_every_value_of_every_emitter_is_delivered_once_and_in_order(
        [ValueSource(nameof(Pumped))] Func<ConnectionEvaluatorOptions, ConnectionEvaluator> make,
        [Values(null, 1, 50)] int? capacity
    )
    {
        int emissions = capacity == 1 ? Emissions / 10 : Emissions;
        using ConnectionEvaluator evaluator = make(new ConnectionEvaluatorOptions { Capacity = capacity });
        var signal = new Signal<int, int>();
        var next = new int[Emitters];
        int wrong = 0;
        int inside = 0;
        int left = Emitters * emissions;
        using var done = new ManualResetEventSlim();
        signal.ConnectDeferred(
            evaluator,
            (emitter, number) =>
            {
                wrong += Interlocked.Increment(ref inside) == 1 && next[emitter] == number ? 0 : 1;
                next[emitter] = number + 1;
                Interlocked.Decrement(ref inside);
                if (--left == 0)
                {
                    done.Set();
                }
            }
        );

        EmitFromAll(signal, emissions);
        Bounded.Wait(done, "the last value");

        Assert.That(wrong, Is.Zero);
        Assert.That(next, Is.All.EqualTo(emissions));
        Assert.That((evaluator.PendingCount, evaluator.DroppedCount), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void E4_two_threads_that_evaluate_run_every_value_once_and_in_order()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int, int>();
        var next = new int[Emitters];
        int wrong = 0;
        int inside = 0;
        int run = 0;
        int ranByCount = 0;
        signal.ConnectDeferred(
            evaluator,
            (emitter, number) =>
            {
                wrong += Interlocked.Increment(ref inside) == 1 && next[emitter] == number ? 0 : 1;
                next[emitter] = number + 1;
                Volatile.Write(ref run, run + 1);
                Interlocked.Decrement(ref inside);
            }
        );
        Action evaluate = () =>
        {
            while (Volatile.Read(ref run) < Emitters * Emissions)
            {
                Interlocked.Add(ref ranByCount, evaluator.EvaluateDeferredConnections());
            }
        };
        Worker[] evaluating = [new(evaluate), new(evaluate)];

        EmitFromAll(signal, Emissions);
        foreach (Worker worker in evaluating)
        {
            worker.Join();
        }

        Assert.That((wrong, ranByCount), Is.EqualTo((0, Emitters * Emissions)));
        Assert.That(next, Is.All.EqualTo(Emissions));
    }

    [Test]
    public void E4_a_thread_that_waits_for_another_threads_round_never_misses_its_end()
    {
        const int MostRounds = 50_000;
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        int run = 0;
        int ranByCount = 0;
        int arrived = 0;
        int rounds = MostRounds;
        var watch = Stopwatch.StartNew();
        signal.ConnectDeferred(
            evaluator,
            (int spins) =>
            {
                Thread.SpinWait(spins);
                run++;
            }
        );

        void EmitAndEvaluate(bool watchesTime)
        {
            for (int i = 1; i <= Volatile.Read(ref rounds); i++)
            {
                // On a machine with other work, each meeting of the threads takes a long time.
                if (watchesTime && watch.Elapsed > Bounded.Repetition)
                {
                    Volatile.Write(ref rounds, i);
                }

                // Both threads start to evaluate together. No later evaluation would wake a thread that missed the end of the other's
                // round.
                signal.Emit(i % 8);
                Interlocked.Increment(ref arrived);
                var spin = new SpinWait();
                while (Volatile.Read(ref arrived) < 2 * i)
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }

                Interlocked.Add(ref ranByCount, evaluator.EvaluateDeferredConnections());
            }
        }

        Worker.RunAll(() => EmitAndEvaluate(watchesTime: true), () => EmitAndEvaluate(watchesTime: false));

        Assert.That((run, ranByCount, evaluator.PendingCount), Is.EqualTo((2 * rounds, 2 * rounds, 0)));
    }

    [Test]
    public void E10_an_evaluators_own_thread_is_woken_by_every_emission_regardless_of_its_wait()
    {
        using var evaluator = new ThreadEvaluator();
        var signal = new Signal<int>();
        using var done = new SemaphoreSlim(0);
        int sum = 0;
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                sum += value;
                done.Release();
            }
        );

        for (int i = 0; i < 5000; i++)
        {
            // From zero to longer than the thread checks before it sleeps.
            Thread.SpinWait(i % 50 * 40);
            signal.Emit(i);
            Assert.That(done.Wait(Bounded.Limit), Is.True);
        }

        Assert.That(sum, Is.EqualTo(Enumerable.Range(0, 5000).Sum()));
    }

    [Test]
    public void E3_slots_that_end_during_emissions_and_an_evaluation_get_their_own_arguments_or_none()
    {
        using var evaluator = new ThreadEvaluator();
        var signal = new Signal<string, int>();
        int wrong = 0;
        int emitting = 2;
        Action emit = () =>
        {
            for (int i = 0; i < Emissions; i++)
            {
                signal.Emit($"{i}", i);
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
                    ConnectionHandle[] handles =
                    [
                        .. Enumerable.Range(0, 4).Select(_ => signal.ConnectDeferred(evaluator, Check)),
                        signal.ConnectDeferredLatest(evaluator, Check),
                    ];
                    foreach (ConnectionHandle handle in handles)
                    {
                        handle.Disconnect();
                    }
                }
            }
        );
        int pending = evaluator.PendingCount;
        using var done = new ManualResetEventSlim();
        signal.ConnectDeferred(evaluator, (_, _) => done.Set());
        signal.Emit("", 0);
        Bounded.Wait(done, "the evaluator to reach the end");

        Assert.That((Volatile.Read(ref wrong), pending), Is.EqualTo((0, 0)));

        void Check(string text, int number) => wrong += text == $"{number}" ? 0 : 1;
    }

    [TestCase(BoundedChannelFullMode.DropNewest)]
    [TestCase(BoundedChannelFullMode.DropOldest)]
    [TestCase(BoundedChannelFullMode.DropWrite)]
    public void E9_every_value_is_either_run_or_counted_as_dropped(BoundedChannelFullMode mode)
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 7, FullMode = mode });
        var signal = new Signal<int, int>();
        int run = 0;
        int emitting = 1;
        signal.ConnectDeferred(evaluator, (_, _) => run++);
        var evaluating = new Worker(() =>
        {
            while (Volatile.Read(ref emitting) != 0 || evaluator.PendingCount != 0)
            {
                evaluator.EvaluateDeferredConnections();
            }
        });

        EmitFromAll(signal, Emissions);
        Volatile.Write(ref emitting, 0);
        evaluating.Join();

        Assert.That(run + evaluator.DroppedCount, Is.EqualTo(Emitters * Emissions));
    }

    [Test]
    public void E9_latest_only_ends_with_the_last_value_and_counts_the_replaced_ones()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        int run = 0;
        int last = 0;
        bool descended = false;
        bool done = false;
        signal.ConnectDeferredLatest(
            evaluator,
            (int value) =>
            {
                descended |= value <= last;
                last = value;
                run++;
            }
        );
        Worker.RunAll(
            () =>
            {
                for (int i = 1; i <= 20_000; i++)
                {
                    signal.Emit(i);
                }

                Volatile.Write(ref done, true);
            },
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    evaluator.EvaluateDeferredConnections();
                }

                evaluator.EvaluateDeferredConnections();
            }
        );

        Assert.That((last, descended, run + evaluator.DroppedCount), Is.EqualTo((20_000, false, 20_000L)));
    }

    [Test]
    public void Deferred_single_shot_runs_exactly_once_with_many_emitters_and_two_evaluating_threads()
    {
        for (int round = 0; round < 200; round++)
        {
            using var evaluator = new ConnectionEvaluator();
            var signal = new Signal<int>();
            int calls = 0;
            ConnectionHandle handle = signal.ConnectDeferredSingleShot(evaluator, _ => Interlocked.Increment(ref calls));
            using var barrier = new Barrier(4);
            Action emit = () =>
            {
                Bounded.Wait(barrier);
                signal.Emit(1);
            };
            Action emitAndEvaluate = () =>
            {
                emit();
                evaluator.EvaluateDeferredConnections();
            };
            Worker.RunAll(emit, emit, emitAndEvaluate, emitAndEvaluate);
            evaluator.EvaluateDeferredConnections();

            Assert.That((calls, handle.IsActive, evaluator.PendingCount), Is.EqualTo((1, false, 0)));
        }
    }

    [Test]
    public void Deferred_single_shot_runs_once_or_was_canceled()
    {
        for (int round = 0; round < 300; round++)
        {
            using var evaluator = new ConnectionEvaluator();
            var signal = new Signal<int>();
            int calls = 0;
            bool cancelled = false;
            ConnectionHandle handle = signal.ConnectDeferredSingleShot(evaluator, _ => calls++);
            signal.Emit(1);
            using var barrier = new Barrier(2);
            int ran = 0;
            Worker.RunAll(
                () =>
                {
                    Bounded.Wait(barrier);
                    ran = evaluator.EvaluateDeferredConnections();
                },
                () =>
                {
                    Bounded.Wait(barrier);
                    cancelled = handle.TryDisconnect();
                }
            );

            Assert.That((calls, ran), Is.EqualTo(cancelled ? (0, 0) : (1, 1)));
        }
    }

    [Test]
    public void E3_after_Disconnect_at_most_the_one_active_call_completes()
    {
        const int Rounds = 1000;
        using var evaluator = new ThreadEvaluator();
        var signal = new Signal<int>();
        var ended = new bool[Rounds];
        var startedAfter = new int[Rounds];
        int pending = 0;
        for (int round = 0; round < Rounds; round++)
        {
            int number = round;
            ConnectionHandle handle = signal.ConnectDeferred(evaluator, (int _) => startedAfter[number] += Volatile.Read(ref ended[number]) ? 1 : 0);
            for (int i = 0; i < 10; i++)
            {
                signal.Emit(i);
            }

            handle.Disconnect();
            Volatile.Write(ref ended[number], true);
            pending += evaluator.PendingCount;
        }

        using var done = new ManualResetEventSlim();
        signal.ConnectDeferred(evaluator, (int _) => done.Set());
        signal.Emit(0);
        Bounded.Wait(done, "the evaluator to reach the end");

        Assert.That(pending, Is.Zero);
        Assert.That(startedAfter, Is.All.LessThanOrEqualTo(1));
    }

    [Test]
    public void E3_stable_deferred_connections_lose_nothing_despite_a_thread_that_churns_connections()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int, int>();
        var seen = new List<int>();
        signal.ConnectDeferred(evaluator, (_, number) => seen.Add(number));
        bool done = false;
        Worker.RunAll(
            () =>
            {
                for (int i = 0; i < 10_000; i++)
                {
                    signal.Emit(0, i);
                }

                Volatile.Write(ref done, true);
            },
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    ConnectionHandle first = signal.ConnectDeferred(evaluator, static (_, _) => { });
                    ConnectionHandle second = signal.ConnectDeferredLatest(evaluator, static (_, _) => { });
                    first.Disconnect();
                    second.Disconnect();
                }
            },
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    evaluator.EvaluateDeferredConnections();
                }
            }
        );
        evaluator.EvaluateDeferredConnections();

        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 10_000)));
        Assert.That((evaluator.PendingCount, signal.ConnectionCount), Is.EqualTo((0, 1)));
    }

    [Test]
    public void E8_disposing_during_emissions_of_threads_that_connect_and_wait_for_room_ends_all_of_these([Values(null, 1)] int? capacity)
    {
        for (int round = 0; round < 200; round++)
        {
            var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = capacity });
            var signal = new Signal<int>();
            signal.ConnectDeferred(evaluator, (int _) => { });
            using var barrier = new Barrier(3);
            int refused = 0;
            Worker.RunAll(
                () =>
                {
                    Bounded.Wait(barrier);
                    for (int i = 0; i < 20; i++)
                    {
                        signal.Emit(i);
                    }
                },
                () =>
                {
                    Bounded.Wait(barrier);
                    try
                    {
                        for (int i = 0; i < 20; i++)
                        {
                            signal.ConnectDeferred(evaluator, (int _) => { });
                        }
                    }
                    catch (ObjectDisposedException)
                    {
                        refused++;
                    }
                },
                () =>
                {
                    Bounded.Wait(barrier);
                    evaluator.EvaluateDeferredConnections();
                    evaluator.Dispose();
                }
            );

            Assert.That(refused, Is.InRange(0, 1));
            Assert.That((signal.ConnectionCount, evaluator.PendingCount, evaluator.EvaluateDeferredConnections()), Is.EqualTo((0, 0, 0)));
        }
    }

    [Test]
    public void E8_disposing_a_ThreadEvaluator_during_emissions_never_throws_to_the_emitters()
    {
        for (int round = 0; round < 200; round++)
        {
            var evaluator = new ThreadEvaluator();
            var signal = new Signal<int>();
            signal.ConnectDeferred(evaluator, (int _) => { });
            using var barrier = new Barrier(3);
            Action emit = () =>
            {
                Bounded.Wait(barrier);
                for (int i = 0; i < 50; i++)
                {
                    signal.Emit(i);
                }
            };
            Worker.RunAll(
                emit,
                emit,
                () =>
                {
                    Bounded.Wait(barrier);
                    evaluator.Dispose();
                    evaluator.Dispose();
                }
            );

            Assert.That((evaluator.PendingCount, signal.ConnectionCount), Is.EqualTo((0, 0)));
        }
    }

    [Test]
    public async Task E10_a_waiter_is_woken_by_every_emission_or_by_the_end()
    {
        for (int round = 0; round < 200; round++)
        {
            var evaluator = new ConnectionEvaluator();
            var signal = new Signal<int>();
            int run = 0;
            signal.ConnectDeferred(evaluator, (int _) => run++);
            var emitter = new Worker(() =>
            {
                signal.Emit(1);
                signal.Emit(2);
            });
            while (run < 2)
            {
                await evaluator.WaitForInvocationsAsync().Within("an invocation");
                evaluator.EvaluateDeferredConnections();
            }

            emitter.Join();
            Task last = evaluator.WaitForInvocationsAsync().AsTask();
            var disposing = new Worker(evaluator.Dispose);
            Assert.That(() => last.WaitAsync(Bounded.Limit), Throws.TypeOf<ObjectDisposedException>());
            disposing.Join();
        }
    }

    private static void EmitFromAll(Signal<int, int> signal, int emissions) =>
        Worker.RunAll([
            .. Enumerable
                .Range(0, Emitters)
                .Select(emitter =>
                    (Action)(
                        () =>
                        {
                            for (int i = 0; i < emissions; i++)
                            {
                                signal.Emit(emitter, i);
                            }
                        }
                    )
                ),
        ]);
}
