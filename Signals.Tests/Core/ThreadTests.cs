using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class ThreadTests
{
    private static readonly (string Name, Action<Signal<int>, ConnectionHandle> Use)[] Uses =
    [
        ("connect", (signal, _) => signal.Connect(_ => { })),
        ("connect weakly", (signal, _) => signal.ConnectWeak(signal, (_, _) => { })),
        ("disconnect", (_, handle) => handle.Disconnect()),
        ("block", (_, handle) => handle.TryBlock(true)),
        ("ask whether blocked", (signal, handle) => signal.IsConnectionBlocked(handle)),
        ("ask whether active", (signal, handle) => handle.BelongsTo(signal)),
        ("disconnect all", (signal, _) => signal.DisconnectAll()),
        ("trim", (signal, _) => signal.TrimExcess()),
        ("count", (signal, _) => signal.ConnectionCount.ToString()),
        ("describe", (signal, _) => signal.ToString()),
        ("emit", (signal, _) => signal.Emit(1)),
        ("dispose", (signal, _) => signal.Dispose()),
    ];

    private static IEnumerable<string> UseNames => Uses.Select(use => use.Name);

    [Test]
    public void S10_slot_may_wait_for_a_thread_that_uses_the_same_signal(
        [ValueSource(nameof(UseNames))] string use,
        [Values(0, 1, 70)] int others,
        [Values] Wait wait
    )
    {
        var signal = new Signal<int>();
        Action<Signal<int>, ConnectionHandle> action = Uses.Single(candidate => candidate.Name == use).Use;
        bool done = false;
        ConnectionHandle handle = default;
        void WaitForOther(int depth)
        {
            if (depth == 0)
            {
                Worker.RunAll(() => action(signal, handle));
                done = true;
            }
        }

        handle = wait switch
        {
            Wait.InSingleShot => signal.ConnectSingleShot(WaitForOther),
            Wait.InWeakSlot => signal.ConnectWeak(this, (_, depth) => WaitForOther(depth)),
            _ => signal.Connect(WaitForOther),
        };
        for (int i = 0; i < others; i++)
        {
            signal.Connect(_ => { });
        }

        signal.Emit(0);
        Assert.That(done, Is.True);
    }

    [Test]
    public void S10_exception_handler_may_wait_for_a_thread_that_uses_the_same_signal([ValueSource(nameof(UseNames))] string use)
    {
        bool done = false;
        Signal<int>? signal = null;
        Action<Signal<int>, ConnectionHandle> action = Uses.Single(candidate => candidate.Name == use).Use;
        signal = new Signal<int>(
            new SignalOptions
            {
                ExceptionHandler = (_, handle) =>
                {
                    Worker.RunAll(() => action(signal!, handle));
                    done = true;
                },
            }
        );
        signal.Connect(depth => ThrowIf(depth == 0));
        signal.Emit(0);

        Assert.That(done, Is.True);
    }

    [Test]
    public void S10_observer_may_wait_for_a_thread_that_uses_the_signal_that_completes_it([ValueSource(nameof(UseNames))] string use)
    {
        bool done = false;
        bool refused = false;
        var signal = new Signal<int>();
        Action<Signal<int>, ConnectionHandle> action = Uses.Single(candidate => candidate.Name == use).Use;
        ConnectionHandle handle = signal.Connect(_ => { });
        using IDisposable subscription = signal
            .AsObservable()
            .Subscribe(
                new Completion(() =>
                {
                    Worker.RunAll(() =>
                    {
                        try
                        {
                            action(signal, handle);
                        }
                        catch (ObjectDisposedException)
                        {
                            refused = true;
                        }
                    });
                    done = true;
                })
            );
        signal.Dispose();

        Assert.That(done, Is.True);
        Assert.That(refused, Is.EqualTo(use.StartsWith("connect", StringComparison.Ordinal)), "the signal is disposed by then");
    }

    [Test]
    public void S10_connections_made_by_many_threads_all_exist_once()
    {
        const int Each = 400;
        for (int round = 0; round < 5; round++)
        {
            var signal = new Signal();
            int[] calls = new int[3 * Each];
            var handles = new ConnectionHandle[3 * Each];
            Worker.RunAll([.. Enumerable.Range(0, 3).Select(thread => (Action)(() => ConnectMany(thread * Each)))]);

            Assert.That(signal.ConnectionCount, Is.EqualTo(3 * Each));
            Assert.That(handles.Distinct().Count(), Is.EqualTo(3 * Each));
            signal.Emit();
            Assert.That(calls, Is.All.EqualTo(1));

            Worker.RunAll([.. Enumerable.Range(0, 3).Select(thread => (Action)(() => DisconnectMany(thread)))]);
            Assert.That(signal.IsEmpty, Is.True);
            Assert.That(handles.Any(handle => handle.IsActive), Is.False);
            signal.Emit();
            Assert.That(calls, Is.All.EqualTo(1));

            void ConnectMany(int first)
            {
                for (int i = first; i < first + Each; i++)
                {
                    int number = i;
                    handles[i] = signal.Connect(() => calls[number]++);
                }
            }

            void DisconnectMany(int first)
            {
                for (int i = first; i < handles.Length; i += 3)
                {
                    handles[i].Disconnect();
                }
            }
        }
    }

    [Test]
    public void S10_first_connections_made_at_the_same_time_both_exist()
    {
        for (int round = 0; round < 200; round++)
        {
            var signal = new Signal();
            int calls = 0;
            Worker.RunAll(() => signal.Connect(() => calls++), () => signal.Connect(() => calls++));
            signal.Emit();
            Assert.That((calls, signal.ConnectionCount), Is.EqualTo((2, 2)));
        }
    }

    [Test]
    public void S2_emission_reaches_a_connection_that_another_thread_has_seen_in_the_count([Values(0, 1, 4)] int others)
    {
        for (int round = 0; round < 2000; round++)
        {
            var signal = new Signal();

            // With a table, in which a connection needs several steps.
            signal.Connect(() => { }).Disconnect();
            for (int i = 0; i < others; i++)
            {
                signal.Connect(() => { });
            }

            int calls = 0;
            Worker.RunAll(
                () => signal.Connect(() => calls++),
                () =>
                {
                    SpinWait.SpinUntil(() => signal.ConnectionCount > others);
                    signal.Emit();
                }
            );
            Assert.That(calls, Is.EqualTo(1));
        }
    }

    [Test]
    public void S10_stable_slots_are_called_by_every_emission_exactly_once_while_other_threads_connect_and_disconnect([Values(1, 2, 5, 70)] int standing)
    {
        const int Emissions = 2000;
        var signal = new Signal();
        var order = new List<int>();
        using var emitted = new ManualResetEventSlim();
        for (int i = 0; i < standing; i++)
        {
            int number = i;
            signal.Connect(() => order.Add(number));
        }

        int churned = 0;
        Worker.RunAll(
            () =>
            {
                for (int i = 0; i < Emissions; i++)
                {
                    signal.Emit();
                }

                emitted.Set();
            },
            () =>
            {
                do
                {
                    ConnectionHandle[] handles = [.. Enumerable.Range(0, 100).Select(_ => signal.Connect(() => { }))];
                    Array.ForEach(handles, handle => handle.Disconnect());
                    signal.TrimExcess();
                    churned++;
                } while (!emitted.IsSet);
            }
        );

        Assert.That(order, Has.Count.EqualTo(Emissions * standing));
        Assert.That(order.Where((number, i) => number != i % standing).Any(), Is.False, "in order in every emission");
        Assert.That(signal.ConnectionCount, Is.EqualTo(standing));
        Assert.That(churned, Is.Positive);
    }

    [Test]
    public void S10_threads_emitting_one_signal_each_call_every_slot([Values(1, 2, 70)] int slots)
    {
        const int Emissions = 500;
        var signal = new Signal<int[]>();
        for (int i = 0; i < slots; i++)
        {
            int number = i;
            signal.Connect(calls => calls[number]++);
        }

        int[] first = new int[slots];
        int[] second = new int[slots];
        Worker.RunAll(() => EmitMany(first), () => EmitMany(second));

        Assert.That(first, Is.All.EqualTo(Emissions));
        Assert.That(second, Is.All.EqualTo(Emissions));

        void EmitMany(int[] calls)
        {
            for (int i = 0; i < Emissions; i++)
            {
                signal.Emit(calls);
            }
        }
    }

    [Test]
    public void S10_single_shot_runs_exactly_once_when_threads_emit_at_the_same_time([Values(0, 2)] int others)
    {
        const int Rounds = 200;
        int calls = 0;
        var signal = new Signal();
        for (int i = 0; i < others; i++)
        {
            signal.Connect(() => { });
        }

        for (int round = 1; round <= Rounds; round++)
        {
            signal.ConnectSingleShot(() => Interlocked.Increment(ref calls));
            Worker.RunAll(signal.Emit, signal.Emit, signal.Emit);
            Assert.That(calls, Is.EqualTo(round));
        }

        Assert.That(signal.ConnectionCount, Is.EqualTo(others));
    }

    [Test]
    public void S10_blocking_by_many_threads_reports_one_change([Values(1, 3)] int count)
    {
        for (int round = 0; round < 100; round++)
        {
            var crowd = new Crowd(count);
            bool[] replaced = new bool[3];
            Worker.RunAll([.. Enumerable.Range(0, 3).Select(thread => (Action)(() => replaced[thread] = crowd.Handles[0].Block(true)))]);

            Assert.That(replaced.Count(wasBlocked => !wasBlocked), Is.EqualTo(1));
            Assert.That(crowd.Handles[0].IsBlocked, Is.True);
        }
    }

    [Test]
    public void S10_one_connection_disconnected_by_many_threads_ends_once([Values(1, 3)] int count)
    {
        for (int round = 0; round < 100; round++)
        {
            var crowd = new Crowd(count);
            bool[] ended = new bool[3];
            Worker.RunAll([.. Enumerable.Range(0, 3).Select(thread => (Action)(() => ended[thread] = crowd.Handles[0].TryDisconnect()))]);

            Assert.That(ended.Count(mine => mine), Is.EqualTo(1));
            Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(count - 1));
        }
    }

    [Test]
    public void S12_connecting_during_Dispose_throws_or_the_connection_ends_immediately([Values(0, 1, 70)] int count)
    {
        for (int round = 0; round < 100; round++)
        {
            var crowd = new Crowd(count);
            ConnectionHandle handle = default;
            bool refused = false;
            Worker.RunAll(
                () =>
                {
                    try
                    {
                        handle = crowd.Signal.Connect(() => { });
                    }
                    catch (ObjectDisposedException)
                    {
                        refused = true;
                    }
                },
                crowd.Signal.Dispose
            );

            Assert.That(handle.IsActive, Is.False);
            Assert.That(handle == default, Is.EqualTo(refused));
            Assert.That(crowd.Signal.ConnectionCount, Is.Zero);
            Assert.That(crowd.Signal.IsDisposed, Is.True);
        }
    }

    [Test]
    public void S3_slot_disconnected_by_another_thread_before_it_was_reached_is_not_called([Values(2, 4, 70)] int count)
    {
        AssertEmissionSees(count, crowd => crowd.Handles[count - 1].Disconnect());
    }

    [Test]
    public void S2_emission_on_another_thread_does_not_call_slots_connected_during_it([Values(1, 4, 64, 128)] int count)
    {
        AssertEmissionSees(count, crowd => crowd.Connect(count + 1));
    }

    [Test]
    public void S8_slot_blocked_by_another_thread_before_it_was_reached_is_not_called([Values(2, 4, 70)] int count)
    {
        AssertEmissionSees(count, crowd => crowd.Handles[count - 1].Block(true));
    }

    [Test]
    public void S5_DisconnectAll_on_another_thread_ends_the_emission([Values(1, 2, 70)] int count, [Values] bool dispose)
    {
        AssertEmissionSees(count, crowd => (dispose ? (Action)crowd.Signal.Dispose : crowd.Signal.DisconnectAll)());
    }

    [Test]
    public void S3_emission_continues_exactly_when_another_thread_replaces_the_table([Values(4, 64, 128, 1000)] int count)
    {
        AssertEmissionSees(
            count,
            crowd =>
            {
                crowd.Disconnect(number => number % 2 == 1);
                crowd.Connect(count);
                crowd.Signal.TrimExcess();
                crowd.Disconnect(number => number > 0 && number < count - 3);
            }
        );
    }

    /// <summary>
    /// Pauses an emission on another thread in its first slot, changes the signal on this thread, and resumes the emission.
    /// </summary>
    private static void AssertEmissionSees(int count, Action<Crowd> change)
    {
        var crowd = new Crowd(count);
        using var started = new ManualResetEventSlim();
        using var changed = new ManualResetEventSlim();
        int[] calls = [];
        crowd.Inside[0] = () =>
        {
            started.Set();
            Bounded.Wait(changed, "the change");
        };
        Worker.RunAll(
            () => calls = crowd.Emit(),
            () =>
            {
                Bounded.Wait(started, "the emission");
                change(crowd);
                changed.Set();
            }
        );

        int[] callable = crowd.Callable;
        Assert.That(calls, Is.EqualTo((IEnumerable<int>)[0, .. callable.Where(number => number > 0 && number < count)]));
        Assert.That(crowd.Emit(), Is.EqualTo(callable));
    }

    private static void ThrowIf(bool condition)
    {
        if (condition)
        {
            throw new InvalidOperationException();
        }
    }

    public enum Wait
    {
        InPlainSlot,
        InSingleShot,
        InWeakSlot,
    }

    private sealed class Completion(Action completed) : IObserver<int>
    {
        public void OnCompleted() => completed();

        public void OnError(Exception error) => throw error;

        public void OnNext(int value) { }
    }
}
