using NUnit.Framework;

namespace Signals.Tests.Core.Asynchronous;

/// <summary>A4 and A5: emissions that await the asynchronous slots.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EmitAsyncTests
{
    private readonly CallLog _log = new();
    private readonly AsyncSlotProbe _probe = new();

    [Test]
    public async Task A5_sequential_awaits_each_before_the_next()
    {
        var signal = new Signal<int>();
        signal.Connect(_ => _log.Add("first"));
        signal.ConnectAsync(_probe.Start);
        signal.Connect(_ => _log.Add("between"));
        signal.ConnectAsync(_probe.Start);
        signal.Connect(_ => _log.Add("last"));
        Task emitted = signal.EmitAsync(1).AsTask();
        Assert.That(_log.Take(), Is.EqualTo("first"));
        _probe[0].End();
        await Bounded.UntilAsync(() => _probe.Started == "1 1", "the next slot");
        Assert.That(_log.Take(), Is.EqualTo("between"));
        Assert.That(emitted.IsCompleted, Is.False);
        _probe[1].End();
        await emitted.Within("the emission");
        Assert.That(_log.Take(), Is.EqualTo("last"));
    }

    [Test]
    public async Task A5_concurrent_starts_all_and_then_awaits_all()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start);
        signal.ConnectAsync(_probe.Start);
        signal.Connect(_ => _log.Add("last"));
        Task emitted = signal.EmitAsync(1, EmitMode.Concurrent).AsTask();
        Assert.That((_probe.Started, _log.Take()), Is.EqualTo(("1 1", "last")));
        _probe[1].End();
        Assert.That(emitted.IsCompleted, Is.False);
        _probe[0].End();
        await emitted.Within("the emission");
    }

    [Test]
    public void A5_slots_that_complete_synchronously_complete_the_emission([Values] EmitMode mode, [Values(0, 1, 3)] int count)
    {
        var signal = new Signal<int>();
        for (int i = 0; i < count; i++)
        {
            signal.ConnectAsync((value, _) => Note(value));
        }

        Assert.That(signal.EmitAsync(7, mode).AsTask().IsCompletedSuccessfully, Is.True);
        Assert.That(_log.Count, Is.EqualTo(count));

        ValueTask Note(int value)
        {
            _log.Add(value);
            return default;
        }
    }

    [Test]
    public async Task A5_deferred_slots_count_as_ended_when_they_were_queued()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, value => _log.Add(value));
        await signal.EmitAsync(1).Within("the emission");
        Assert.That((evaluator.PendingCount, _log.Take()), Is.EqualTo((1, "")));
    }

    [TestCase(AsyncSlotMode.Drop)]
    [TestCase(AsyncSlotMode.Latest)]
    [TestCase(AsyncSlotMode.Switch)]
    public async Task A5_value_that_a_mode_skips_or_supersedes_counts_as_ended(AsyncSlotMode mode)
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start, new AsyncSlotOptions { Mode = mode });
        Task first = signal.EmitAsync(1).AsTask();
        Task second = signal.EmitAsync(2).AsTask();
        Task third = signal.EmitAsync(3).AsTask();
        await second.Within("the emission that is skipped or superseded");
        Assert.That(first.IsCompleted, Is.False);
        _probe[0].End();
        await first.Within("the emission that has run");
        if (mode == AsyncSlotMode.Drop)
        {
            await third.Within("the emission that is skipped");
            return;
        }

        Assert.That((_probe.Started, third.IsCompleted), Is.EqualTo(("1 3", false)));
        _probe[1].End();
        await third.Within("the newest emission");
    }

    [Test]
    public async Task A5_queued_emission_ends_with_its_own_run()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start);
        Task first = signal.EmitAsync(1).AsTask();
        Task second = signal.EmitAsync(2).AsTask();
        _probe[0].End();
        await first.Within("the first");
        Assert.That((_probe.Started, second.IsCompleted), Is.EqualTo(("1 2", false)));
        _probe[1].End();
        await second.Within("the second");
    }

    [Test]
    public async Task A3_emission_ends_when_the_connection_drops_what_it_queued()
    {
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectAsync(_probe.Start);
        Task first = signal.EmitAsync(1).AsTask();
        Task second = signal.EmitAsync(2).AsTask();
        handle.Disconnect();
        await second.Within("the dropped one");
        Assert.That(first.IsCompleted, Is.False);
        _probe[0].EndCanceled();
        await first.Within("the run");
    }

    [Test]
    public async Task A5_S2_slot_connected_between_two_slots_waits_for_the_next_emission()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start);
        signal.Connect(_ => _log.Add("second"));
        Task emitted = signal.EmitAsync(1).AsTask();
        for (int i = 0; i < 20; i++)
        {
            // So many that the table of the slots is replaced.
            signal.Connect(_ => _log.Add("new"));
        }

        _probe[0].End();
        await emitted.Within("the emission");
        Assert.That(_log.Take(), Is.EqualTo("second"));
    }

    [Test]
    public async Task A5_S3_slot_disconnected_between_two_slots_is_not_started([Values] bool all)
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start);
        ConnectionHandle second = signal.Connect(_ => _log.Add("second"));
        Task emitted = signal.EmitAsync(1).AsTask();
        if (all)
        {
            signal.Dispose();
        }
        else
        {
            second.Disconnect();
        }

        _probe[0].End();
        await emitted.Within("the emission");
        Assert.That(_log.Take(), Is.Empty);
    }

    [Test]
    public async Task A5_failures_are_thrown_in_slot_order_as_they_were_thrown([Values] EmitMode mode)
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start);
        signal.Connect(_ => throw new InvalidOperationException("b"));
        signal.ConnectAsync((_, _) => throw new InvalidOperationException("c"));
        signal.Connect(_ => _log.Add("run"));
        Task emitted = signal.EmitAsync(1, mode).AsTask();
        _probe[0].Fail(new InvalidOperationException("a"));
        await emitted.ContinueWith(static _ => { }, TaskScheduler.Default).Within("the emission");
        var thrown = emitted.Exception!.InnerException as AggregateException;
        Assert.That(thrown!.InnerExceptions.Select(exception => exception.Message), Is.EqualTo(["a", "b", "c"]));
        Assert.That(_log.Take(), Is.EqualTo("run"));
    }

    [Test]
    public void A5_one_failure_is_thrown_as_it_was([Values] EmitMode mode)
    {
        var failure = new InvalidOperationException();
        var signal = new Signal<int>();
        signal.ConnectAsync((_, _) => ValueTask.FromException(failure));
        Assert.That(async () => await signal.EmitAsync(1, mode), Throws.Exception.SameAs(failure));
    }

    [Test]
    public void A4_failure_with_a_handler_is_not_thrown([Values] EmitMode mode)
    {
        var signal = new Signal<int>(new SignalOptions { ExceptionHandler = (exception, handle) => _log.Add($"{exception.Message}{handle.IsActive}") });
        signal.ConnectAsync((_, _) => throw new InvalidOperationException("a"));
        signal.Connect(_ => throw new InvalidOperationException("b"));
        Assert.That(signal.EmitAsync(1, mode).AsTask().IsCompletedSuccessfully, Is.True);
        Assert.That(_log.Take(), Is.EqualTo("aTrue bTrue"));
    }

    [Test]
    public void A4_what_the_handler_of_the_signal_throws_is_thrown([Values] EmitMode mode)
    {
        var signal = new Signal<int>(new SignalOptions { ExceptionHandler = (exception, _) => throw new FormatException(exception.Message) });
        signal.Connect(_ => throw new InvalidOperationException("a"));
        signal.Connect(_ => _log.Add("run"));
        Assert.That(async () => await signal.EmitAsync(1, mode), Throws.TypeOf<FormatException>().With.Message.EqualTo("a"));
        Assert.That(_log.Take(), Is.EqualTo("run"));
    }

    [Test]
    public void A4_what_the_handler_of_the_options_throws_is_thrown_by_the_emission_that_waits([Values] EmitMode mode, [Values] bool isLate)
    {
        var signal = new Signal<int>();
        AsyncSlotOptions options = new() { ExceptionHandler = (exception, _) => throw new FormatException(exception.Message) };
        Func<int, CancellationToken, ValueTask> slot = isLate ? _probe.Start : (_, _) => throw new InvalidOperationException("a");
        signal.ConnectAsync(slot, options);
        Task emitted = signal.EmitAsync(1, mode).AsTask();
        if (isLate)
        {
            _probe[0].Fail(new InvalidOperationException("a"));
        }

        Assert.That(async () => await emitted.Within("the emission"), Throws.TypeOf<FormatException>().With.Message.EqualTo("a"));
    }

    [Test]
    public async Task A5_canceled_emission_gives_up_its_place_in_the_queue()
    {
        using var cancellation = new CancellationTokenSource();
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start, new AsyncSlotOptions { Capacity = 1 });
        signal.Connect(value => _log.Add(value));
        signal.Emit(1);
        signal.Emit(2);
        Task canceled = signal.EmitAsync(3, EmitMode.Concurrent, cancellation.Token).AsTask();
        Assert.That(_log.Take(), Is.EqualTo("1 2"));
        await cancellation.CancelAsync();
        Assert.That(async () => await canceled.Within("the canceled emission"), Throws.InstanceOf<OperationCanceledException>());
        _probe[0].End();
        signal.Emit(4);
        Assert.That(_log.Take(), Is.EqualTo("4"), "there was room");
        Task waiting = signal.EmitAsync(5, EmitMode.Concurrent).AsTask();
        Assert.That(_log.Take(), Is.Empty, "the fourth fills the queue");
        for (int i = 1; i < 4; i++)
        {
            await Bounded.UntilAsync(() => _probe.Started.Split(' ').Length > i, "the next run");
            _probe[i].End();
        }

        await waiting.Within("the emission");
        Assert.That(_probe.Started, Is.EqualTo("1 2 4 5"));
    }

    [Test]
    public void A5_with_stop_at_first_no_further_slot_starts([Values] EmitMode mode)
    {
        var signal = new Signal<int>(new SignalOptions { ExceptionPolicy = SlotExceptionPolicy.StopAtFirst });
        signal.ConnectAsync((_, _) => ValueTask.FromException(new InvalidOperationException("a")));
        signal.Connect(_ => _log.Add("run"));
        Assert.That(async () => await signal.EmitAsync(1, mode), Throws.InvalidOperationException.With.Message.EqualTo("a"));
        Assert.That(_log.Take(), Is.Empty);
    }

    [Test]
    public void A5_token_canceled_before_runs_nothing([Values] EmitMode mode)
    {
        var signal = new Signal<int>();
        signal.Connect(_ => _log.Add("run"));
        ValueTask emitted = signal.EmitAsync(1, mode, new CancellationToken(canceled: true));
        Assert.That(emitted.IsCanceled, Is.True);
        Assert.That(_log.Take(), Is.Empty);
    }

    [Test]
    public async Task A5_token_cancels_the_runs_drops_the_queued_and_starts_no_further_slot([Values] EmitMode mode)
    {
        using var cancellation = new CancellationTokenSource();
        var other = new AsyncSlotProbe();
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start);
        signal.ConnectAsync(other.Start);
        signal.Connect(_ => _log.Add("run"));
        Task emitted = signal.EmitAsync(1, mode, cancellation.Token).AsTask();
        Task queued = signal.EmitAsync(2, mode, cancellation.Token).AsTask();
        _log.Take();
        await cancellation.CancelAsync();
        Assert.That(_probe[0].Token.IsCancellationRequested, Is.True);
        Assert.That(async () => await queued.Within("the queued emission"), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(emitted.IsCompleted, Is.False, "its runs have not ended");
        _probe[0].EndCanceled();
        if (mode == EmitMode.Concurrent)
        {
            other[0].EndCanceled();
        }

        Assert.That(async () => await emitted.Within("the emission"), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(emitted.IsCanceled, Is.True);
        Assert.That((_probe.Started, _log.Take()), Is.EqualTo(("1", "")));
        signal.Emit(3);
        Assert.That(_probe.Started, Is.EqualTo("1 3"), "the connection stands");
    }

    [Test]
    public async Task A5_sequential_resumes_in_the_callers_synchronization_context()
    {
        using var evaluator = new ConnectionEvaluator();
        evaluator.EnableContinuations();
        var signal = new Signal<int>();
        var caller = new Signal();
        int thread = 0;
        signal.ConnectAsync(_probe.Start);
        signal.Connect(_ => thread = Environment.CurrentManagedThreadId);
        Task? emitted = null;
        caller.ConnectDeferred(evaluator, () => emitted = signal.EmitAsync(1).AsTask());
        caller.Emit();
        evaluator.EvaluateDeferredConnections();
        _probe[0].End();
        await evaluator.WaitForInvocationsAsync().Within("the continuation");
        Assert.That(thread, Is.Zero);
        Worker evaluating = new(() => evaluator.EvaluateDeferredConnections());
        evaluating.Join();
        await emitted!.Within("the emission");
        Assert.That(thread, Is.Not.Zero);
    }

    [Test]
    public async Task A2_asynchronous_emission_awaits_room()
    {
        var signal = new Signal<int>();
        signal.ConnectAsync(_probe.Start, new AsyncSlotOptions { Capacity = 1 });
        signal.Connect(value => _log.Add(value));
        signal.Emit(1);
        signal.Emit(2);
        _log.Take();
        Task emitted = signal.EmitAsync(3, EmitMode.Concurrent).AsTask();
        Assert.That(_log.Take(), Is.Empty, "it waits for room before it starts the next slot");
        _probe[0].End();
        await Bounded.UntilAsync(() => _log.Count == 1, "the next slot");
        _probe[1].End();
        _probe[2].End();
        await emitted.Within("the emission");
    }

    [Test]
    public void A5_undefined_mode_is_refused()
    {
        Assert.That(
            () => new Signal<int>().EmitAsync(1, (EmitMode)5),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("mode")
        );
    }

    [Test]
    public async Task A5_every_arity_and_covariant_connections_are_awaited()
    {
        var end = new TaskCompletionSource();
        var zero = new Signal();
        var one = new Signal<string>();
        var two = new Signal<int, int>();
        var three = new Signal<int, int, int>();
        var four = new Signal<int, int, int, int>();
        zero.ConnectAsync(_ => new ValueTask(end.Task));
        InterfaceTests.Thermometer.Expose<object>(one).ConnectAsync((_, _) => new ValueTask(end.Task));
        two.ConnectAsync((_, _, _) => new ValueTask(end.Task));
        three.ConnectAsync((_, _, _, _) => new ValueTask(end.Task));
        four.ConnectAsync((_, _, _, _, _) => new ValueTask(end.Task));
        Task[] emitted =
        [
            zero.EmitAsync().AsTask(),
            one.EmitAsync("text").AsTask(),
            two.EmitAsync(1, 2).AsTask(),
            three.EmitAsync(1, 2, 3).AsTask(),
            four.EmitAsync(1, 2, 3, 4).AsTask(),
        ];
        Assert.That(emitted.Select(task => task.IsCompleted), Is.All.False);
        end.SetResult();
        await Task.WhenAll(emitted).Within("all emissions");
    }
}
