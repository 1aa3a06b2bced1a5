using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Asynchronous;

/// <summary>A1 to A4: starting, modes, ends and failures of asynchronous slots.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AsyncModeTests
{
    private readonly AsyncSlotProbe _probe = new();

    [Test]
    public void A1_emission_starts_the_slot_and_does_not_wait_for_it()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        var ended = new TaskCompletionSource();
        int thread = 0;
        signal.ConnectAsync(
            async (value, _) =>
            {
                thread = Environment.CurrentManagedThreadId;
                log.Add($"started{value}");
                await ended.Task;
                log.Add("ended");
            }
        );
        signal.Connect(_ => log.Add("next"));
        signal.Emit(1);
        Assert.That(log.Take(), Is.EqualTo("started1 next"));
        Assert.That(thread, Is.EqualTo(Environment.CurrentManagedThreadId));
        ended.SetResult();
        Assert.That(log.Take(), Is.EqualTo("ended"));
    }

    [Test]
    public void A1_emission_never_throws_what_the_slot_throws_before_it_returns_a_task()
    {
        var handled = new List<string>();
        var signal = new Signal<int>();
        AsyncSlotOptions options = new() { ExceptionHandler = (exception, _) => handled.Add(exception.Message) };
        signal.ConnectAsync((value, _) => throw new InvalidOperationException($"broken{value}"), options);
        signal.Emit(1);
        signal.Emit(2);

        Assert.That(handled, Is.EqualTo(["broken1", "broken2"]), "the connection stands");
    }

    [Test]
    public void A1_slots_of_every_arity_get_their_arguments()
    {
        var log = new CallLog();
        var zero = new Signal();
        var two = new Signal<int, string>();
        var three = new Signal<int, int, int>();
        var four = new Signal<int, int, int, int>();
        zero.ConnectAsync(_ => Note("-"));
        two.ConnectAsync((a, b, _) => Note($"{a}{b}"));
        three.ConnectAsync((a, b, c, _) => Note($"{a}{b}{c}"));
        four.ConnectAsync((a, b, c, d, _) => Note($"{a}{b}{c}{d}"));
        zero.Emit();
        two.Emit(1, "x");
        three.Emit(1, 2, 3);
        four.Emit(1, 2, 3, 4);
        Assert.That(log.Take(), Is.EqualTo("- 1x 123 1234"));

        ValueTask Note(string text)
        {
            log.Add(text);
            return default;
        }
    }

    [Test]
    public void A2_sequential_queues()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start);
        EmitAll(signal, 1, 2, 3);
        Assert.That(_probe.Started, Is.EqualTo("1"));
        _probe[0].End();
        Assert.That(_probe.Started, Is.EqualTo("1 2"));
        _probe[1].End();
        _probe[2].End();
        signal.Emit(4);
        Assert.That(_probe.Started, Is.EqualTo("1 2 3 4"));
    }

    [Test]
    public void A2_drop_skips_what_comes_while_it_runs()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start, new AsyncSlotOptions { Mode = AsyncSlotMode.Drop });
        EmitAll(signal, 1, 2, 3);
        _probe[0].End();
        signal.Emit(4);
        Assert.That(_probe.Started, Is.EqualTo("1 4"));
    }

    [Test]
    public void A2_latest_keeps_only_the_newest_for_afterwards()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start, new AsyncSlotOptions { Mode = AsyncSlotMode.Latest });
        EmitAll(signal, 1, 2, 3);
        Assert.That(_probe[0].Token.IsCancellationRequested, Is.False);
        _probe[0].End();
        Assert.That(_probe.Started, Is.EqualTo("1 3"));
        _probe[1].End();
        Assert.That(_probe.Started, Is.EqualTo("1 3"));
    }

    [Test]
    public void A2_switch_cancels_the_running_one_and_waits_until_it_has_ended()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start, new AsyncSlotOptions { Mode = AsyncSlotMode.Switch });
        EmitAll(signal, 1, 2, 3);
        Assert.That(_probe[0].Token.IsCancellationRequested, Is.True);
        Assert.That(_probe.Started, Is.EqualTo("1"), "it has not ended");
        _probe[0].EndCanceled();
        Assert.That(_probe.Started, Is.EqualTo("1 3"), "the superseded one never starts");
        Assert.That(_probe[1].Token.IsCancellationRequested, Is.False);
    }

    [Test]
    public void A2_parallel_runs_up_to_the_maximum_and_then_queues()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start, new AsyncSlotOptions { Mode = AsyncSlotMode.Parallel, MaxConcurrency = 2 });
        EmitAll(signal, 1, 2, 3, 4);
        Assert.That(_probe.Started, Is.EqualTo("1 2"));
        _probe[1].End();
        Assert.That(_probe.Started, Is.EqualTo("1 2 3"));
        _probe[0].End();
        Assert.That(_probe.Started, Is.EqualTo("1 2 3 4"));
    }

    [Test]
    public void A2_run_counts_while_it_is_on_the_stack([Values] AsyncSlotMode mode)
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        signal.ConnectAsync(
            (value, _) =>
            {
                log.Add($"in{value}");
                if (value < 3)
                {
                    signal.Emit(value + 1);
                }

                log.Add($"out{value}");
                return default;
            },
            new AsyncSlotOptions { Mode = mode, MaxConcurrency = 1 }
        );
        signal.Emit(1);
        Assert.That(log.Take(), Is.EqualTo(mode == AsyncSlotMode.Drop ? "in1 out1" : "in1 out1 in2 out2 in3 out3"));
    }

    [TestCase(BoundedChannelFullMode.DropWrite, "1 2 3")]
    [TestCase(BoundedChannelFullMode.DropNewest, "1 2 5")]
    [TestCase(BoundedChannelFullMode.DropOldest, "1 4 5")]
    public void A2_full_queue_drops(BoundedChannelFullMode fullMode, string expected)
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start, new AsyncSlotOptions { Capacity = 2, FullMode = fullMode });
        EmitAll(signal, 1, 2, 3, 4, 5);
        for (int i = 0; i < 3; i++)
        {
            _probe[i].End();
        }

        Assert.That(_probe.Started, Is.EqualTo(expected));
    }

    [Test]
    public void A2_full_queue_makes_emissions_wait_in_their_order()
    {
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(_probe.Start, new AsyncSlotOptions { Capacity = 1 });
        EmitAll(signal, 1, 2);
        var waiting = new Worker(() => signal.Emit(3));
        waiting.WaitUntilBlocked();
        _probe[0].End();
        waiting.Join();
        Assert.That(_probe.Started, Is.EqualTo("1 2"));
        var dropped = new Worker(() => signal.Emit(4));
        dropped.WaitUntilBlocked();
        handle.Disconnect();
        dropped.Join();
        _probe[1].End();
        Assert.That(_probe.Started, Is.EqualTo("1 2"));
    }

    [Test]
    public async Task A2_emission_from_the_connections_own_run_does_not_wait([Values] bool afterAwait)
    {
        var signal = new Signal<int>();
        var started = new List<int>();
        var resume = new TaskCompletionSource();
        ConnectionHandle handle = signal.ConnectAsync(
            async (value, _) =>
            {
                started.Add(value);
                if (value == 1)
                {
                    if (afterAwait)
                    {
                        await resume.Task;
                    }

                    EmitAll(signal, 2, 3, 4);
                }
            },
            new AsyncSlotOptions { Capacity = 1 }
        );
        signal.Emit(1);
        resume.SetResult();
        await handle.WhenIdleAsync().Within("the end of all runs");
        Assert.That(started, Is.EqualTo([1, 2, 3, 4]));
    }

    [Test]
    public async Task A2_interrupted_emission_gives_up_its_place_in_the_queue()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start, new AsyncSlotOptions { Capacity = 1 });
        EmitAll(signal, 1, 2);
        bool isInterrupted = false;
        var waiting = new Thread(() =>
        {
            try
            {
                signal.Emit(3);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        })
        {
            IsBackground = true,
        };
        waiting.Start();
        Bounded.Until(() => (waiting.ThreadState & ThreadState.WaitSleepJoin) != 0, "the wait for room");
        waiting.Interrupt();
        Assert.That(waiting.Join(Bounded.Limit), Is.True);
        _probe[0].End();
        _probe[1].End();
        Assert.That((isInterrupted, _probe.Started), Is.EqualTo((true, "1 2")));
        EmitAll(signal, 4, 5);
        Task sixth = signal.EmitAsync(6, EmitMode.Concurrent).AsTask();
        Assert.That(_probe.Started, Is.EqualTo("1 2 4"));
        for (int i = 2; i < 5; i++)
        {
            _probe[i].End();
        }

        await sixth.Within("the emission");
        Assert.That(_probe.Started, Is.EqualTo("1 2 4 5 6"));
    }

    [Test]
    public void A2_emission_from_a_run_inside_a_run_of_the_connection_does_not_wait()
    {
        var options = new AsyncSlotOptions { Capacity = 1 };
        var outer = new Signal<int>();
        var inner = new Signal<int>();
        var started = new List<int>();
        outer.ConnectAsync(
            (value, _) =>
            {
                started.Add(value);
                if (value == 1)
                {
                    inner.Emit(0);
                }

                return default;
            },
            options
        );
        inner.ConnectAsync(
            (_, _) =>
            {
                EmitAll(outer, 2, 3, 4);
                return default;
            },
            options
        );
        new Worker(() => outer.Emit(1)).Join();
        Assert.That(started, Is.EqualTo([1, 2, 3, 4]));
    }

    [Test]
    public void A2_emission_without_an_execution_context_runs_the_slot()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start, new AsyncSlotOptions { Capacity = 1 });
        using (ExecutionContext.SuppressFlow())
        {
            signal.Emit(1);
        }

        Assert.That(_probe.Started, Is.EqualTo("1"));
    }

    [Test]
    public void A3_disconnecting_cancels_the_token_drops_the_queue_and_returns([Values] bool dispose)
    {
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(_probe.Start);
        EmitAll(signal, 1, 2);
        if (dispose)
        {
            signal.Dispose();
        }
        else
        {
            handle.Disconnect();
        }

        Assert.That(_probe[0].Token.IsCancellationRequested, Is.True);
        _probe[0].EndCanceled();
        signal.Emit(3);
        Assert.That(_probe.Started, Is.EqualTo("1"));
    }

    [Test]
    public void A3_callback_of_the_token_that_blocks_does_not_block_the_thread_that_disconnects()
    {
        using var release = new ManualResetEventSlim();
        using var called = new ManualResetEventSlim();
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(
            (value, token) =>
            {
                token.Register(() =>
                {
                    called.Set();
                    Bounded.Wait(release, "the test");
                });
                return _probe.Start(value, token);
            }
        );
        signal.Emit(1);
        handle.Disconnect();
        Assert.That(handle.IsActive, Is.False);
        Bounded.Wait(called, "the callback");
        release.Set();
    }

    [Test]
    public void A4_cancellation_by_the_runs_own_token_is_silent_whatever_token_the_exception_carries()
    {
        var handled = new List<Exception>();
        var signal = new Signal<int>(new SignalOptions { ExceptionHandler = (exception, _) => handled.Add(exception) });
        ConnectionHandle handle = signal.ConnectAsync(_probe.Start);
        signal.Emit(1);
        handle.Disconnect();
        _probe[0].Fail(new OperationCanceledException("another token"));
        Assert.That(handled, Is.Empty);
    }

    [Test]
    public void A4_cancellation_without_the_runs_token_is_a_failure()
    {
        var handled = new List<Exception>();
        var signal = new Signal<int>(new SignalOptions { ExceptionHandler = (exception, _) => handled.Add(exception) });
        signal.ConnectAsync(_probe.Start);
        signal.Emit(1);
        _probe[0].Fail(new OperationCanceledException());
        Assert.That(handled, Has.Count.EqualTo(1));
    }

    [Test]
    public void A4_failure_goes_to_the_handler_of_the_options_else_of_the_signal_with_the_connection()
    {
        var log = new CallLog();
        var signal = new Signal<int>(
            new SignalOptions { ExceptionHandler = (exception, handle) => log.Add($"signal:{exception.Message}:{handle.IsActive}") }
        );
        signal.ConnectAsync(_probe.Start);
        signal.ConnectAsync(
            _probe.Start,
            new AsyncSlotOptions { ExceptionHandler = (exception, handle) => log.Add($"options:{exception.Message}:{handle.IsActive}") }
        );
        signal.Emit(1);
        _probe[0].Fail(new InvalidOperationException("a"));
        _probe[1].Fail(new InvalidOperationException("b"));
        Assert.That(log.Take(), Is.EqualTo("signal:a:True options:b:True"));
        signal.Emit(2);
        Assert.That(_probe.Started, Is.EqualTo("1 1 2 2"), "the next run comes");
    }

    [Test]
    public async Task A4_what_callbacks_of_the_token_throw_goes_to_the_handler_of_the_options([Values(1, 2)] int count)
    {
        var handled = new TaskCompletionSource<(Exception Exception, ConnectionHandle Handle)>();
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(
            (value, token) =>
            {
                for (int i = 0; i < count; i++)
                {
                    token.Register(() => throw new FormatException());
                }

                return _probe.Start(value, token);
            },
            new AsyncSlotOptions { ExceptionHandler = (exception, connection) => handled.SetResult((exception, connection)) }
        );
        signal.Emit(1);
        handle.Disconnect();
        (Exception exception, ConnectionHandle connection) = await handled.Task.Within("the handler");
        Assert.That(connection, Is.EqualTo(handle));
        IEnumerable<Exception> thrown = exception is AggregateException several ? several.Flatten().InnerExceptions : [exception];
        Assert.That(thrown.Count(static each => each is FormatException), Is.EqualTo(count));
    }

    [Test]
    public async Task A8_idle_when_nothing_runs_or_is_queued()
    {
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(_probe.Start);
        Assert.That(handle.WhenIdleAsync().AsTask().IsCompleted, Is.True);
        EmitAll(signal, 1, 2);
        Task idle = handle.WhenIdleAsync().AsTask();
        _probe[0].End();
        Assert.That(idle.IsCompleted, Is.False);
        _probe[1].End();
        await idle.Within("the connection to be idle");
    }

    [Test]
    public async Task A8_ended_connection_is_idle_when_its_run_has_ended([Values(0, 1, 2)] int way)
    {
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(_probe.Start);
        EmitAll(signal, 1, 2);
        Task before = handle.WhenIdleAsync().AsTask();
        Action end = way switch
        {
            0 => handle.Disconnect,
            1 => signal.DisconnectAll,
            _ => signal.Dispose,
        };
        end();
        Task after = handle.WhenIdleAsync().AsTask();
        Assert.That((before.IsCompleted, after.IsCompleted), Is.EqualTo((false, false)));
        _probe[0].EndCanceled();
        await before.Within("the end of the run");
        await after.Within("the end of the run");
        Assert.That(handle.WhenIdleAsync().AsTask().IsCompleted, Is.True);
    }

    [Test]
    public async Task A13_disconnecting_asynchronously_waits_for_the_run_and_the_token_ends_only_the_waiting()
    {
        using var cancellation = new CancellationTokenSource();
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(_probe.Start);
        EmitAll(signal, 1, 2);
        Task canceled = handle.DisconnectAsync(cancellation.Token).AsTask();
        Assert.That(handle.IsActive, Is.False);
        await cancellation.CancelAsync();
        Assert.That(async () => await canceled.Within("the cancellation"), Throws.InstanceOf<OperationCanceledException>());
        Task ended = handle.DisconnectAsync().AsTask();
        Assert.That(ended.IsCompleted, Is.False);
        _probe[0].End();
        await ended.Within("the end of the run");
        Assert.That(_probe.Started, Is.EqualTo("1"));
    }

    [Test]
    public void A13_is_disconnect_for_the_other_kinds()
    {
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.Connect(_ => { });
        Assert.That(handle.DisconnectAsync().AsTask().IsCompletedSuccessfully, Is.True);
        Assert.That(handle.IsActive, Is.False);
        Assert.That(default(ConnectionHandle).DisconnectAsync().AsTask().IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public void Options_refuse_values_that_make_no_sense()
    {
        var options = new AsyncSlotOptions();
        Assert.That(() => options.Mode = (AsyncSlotMode)9, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => options.MaxConcurrency = 0, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => options.Capacity = 0, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => options.FullMode = (BoundedChannelFullMode)9, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Signal<int>().ConnectAsync(null!), Throws.ArgumentNullException);
        Assert.That(() => new Signal<int>().ConnectDeferredAsync(null!, (_, _) => default), Throws.ArgumentNullException);
    }

    [Test]
    public void S13_foreign_signal_gets_asynchronous_slots()
    {
        var inner = new Signal<int>();
        ConnectionHandle handle = new ForeignSignal(inner).ConnectAsync(_probe.Start);
        EmitAll(inner, 1, 2);
        Assert.That(_probe.Started, Is.EqualTo("10"));
        _probe[0].End();
        handle.Disconnect();
        Assert.That(_probe[1].Token.IsCancellationRequested, Is.True);
    }

    private static void EmitAll(Signal<int> signal, params int[] values) => Array.ForEach(values, signal.Emit);
}
