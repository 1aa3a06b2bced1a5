using System.Threading.Channels;
using NUnit.Framework;

namespace Signals.Tests.Core.Connecting;

/// <summary>A9: emissions that wait until an evaluator has run the slot.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BlockingConnectionTests : IDisposable
{
    private readonly CallLog _log = new();
    private readonly ConnectionEvaluator _evaluator = new();
    private readonly Signal<int> _signal = new();

    public void Dispose()
    {
        _signal.Dispose();
        _evaluator.Dispose();
    }

    [Test]
    public void A9_emission_waits_until_the_evaluator_has_run_the_slot()
    {
        _signal.ConnectBlocking(_evaluator, value => _log.Add(value));
        var emitting = new Worker(() =>
        {
            _signal.Emit(1);
            _log.Add("emitted");
        });
        Bounded.Until(() => _evaluator.PendingCount == 1, "the invocation");
        emitting.WaitUntilBlocked();
        Assert.That(_evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        emitting.Join();
        Assert.That(_log.Take(), Is.EqualTo("1 emitted"));
    }

    [Test]
    public void A9_exception_is_thrown_by_the_emission_only()
    {
        _signal.ConnectBlocking(_evaluator, _ => throw new InvalidOperationException("broken"));
        string message = "";
        var emitting = new Worker(() => message = Assert.Throws<InvalidOperationException>(() => _signal.Emit(1))!.Message);
        Bounded.Until(() => _evaluator.PendingCount == 1, "the invocation");
        Assert.That(_evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        emitting.Join();
        Assert.That(message, Is.EqualTo("broken"));
    }

    [Test]
    public void A9_emission_from_a_slot_of_the_same_evaluator_runs_the_slot_at_once()
    {
        var other = new Signal<int>();
        _signal.ConnectBlocking(_evaluator, value => _log.Add(value));
        other.ConnectDeferred(
            _evaluator,
            value =>
            {
                _log.Add("before");
                _signal.Emit(value);
                _log.Add("after");
            }
        );
        other.Emit(1);
        _evaluator.EvaluateDeferredConnections();
        Assert.That(_log.Take(), Is.EqualTo("before 1 after"));
    }

    [Test]
    public void A9_slot_that_has_begun_is_waited_for([Values] bool dispose)
    {
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        ConnectionHandle handle = _signal.ConnectBlocking(
            _evaluator,
            _ =>
            {
                inside.Set();
                Bounded.Wait(leave, "the test");
            }
        );
        var emitting = new Worker(() => _signal.Emit(1));
        Bounded.Until(() => _evaluator.PendingCount == 1, "the invocation");
        var evaluating = new Worker(() => _evaluator.EvaluateDeferredConnections());
        Bounded.Wait(inside, "the slot");
        if (dispose)
        {
            _evaluator.Dispose();
        }
        else
        {
            handle.Disconnect();
        }

        emitting.WaitUntilBlocked();
        leave.Set();
        emitting.Join();
        evaluating.Join();
    }

    [Test]
    public void A9_slot_that_has_not_begun_is_given_up_when_the_connection_or_the_evaluator_ends([Values(0, 1, 2)] int way)
    {
        ConnectionHandle handle = _signal.ConnectBlocking(_evaluator, _ => _log.Add("run"));
        var emitting = new Worker(() => _signal.Emit(1));
        Bounded.Until(() => _evaluator.PendingCount == 1, "the invocation");
        Action end = way switch
        {
            0 => handle.Disconnect,
            1 => _signal.Dispose,
            _ => _evaluator.Dispose,
        };
        end();
        emitting.Join();
        Assert.That(_log.Take(), Is.Empty);
    }

    [Test]
    public void A9_invocation_that_the_capacity_drops_is_given_up()
    {
        var options = new ConnectionEvaluatorOptions { Capacity = 1, FullMode = BoundedChannelFullMode.DropOldest };
        using var evaluator = new ConnectionEvaluator(options);
        var other = new Signal<int>();
        _signal.ConnectBlocking(evaluator, _ => _log.Add("run"));
        other.ConnectDeferred(evaluator, value => _log.Add(value));
        var emitting = new Worker(() => _signal.Emit(1));
        Bounded.Until(() => evaluator.PendingCount == 1, "the invocation");
        other.Emit(2);
        emitting.Join();
        evaluator.EvaluateDeferredConnections();
        Assert.That(_log.Take(), Is.EqualTo("2"));
    }

    [Test]
    public void A9_works_with_an_evaluator_that_has_a_thread()
    {
        using var evaluator = new ThreadEvaluator();
        int thread = 0;
        _signal.ConnectBlocking(evaluator, _ => thread = Environment.CurrentManagedThreadId);
        _signal.Emit(1);
        Assert.That(thread, Is.Not.Zero.And.Not.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public void A9_slots_of_every_arity_get_their_arguments()
    {
        using var evaluator = new ThreadEvaluator();
        var zero = new Signal();
        var two = new Signal<int, string>();
        var three = new Signal<int, int, int>();
        var four = new Signal<int, int, int, int>();
        zero.ConnectBlocking(evaluator, () => _log.Add("-"));
        two.ConnectBlocking(evaluator, (a, b) => _log.Add($"{a}{b}"));
        three.ConnectBlocking(evaluator, (a, b, c) => _log.Add($"{a}{b}{c}"));
        four.ConnectBlocking(evaluator, (a, b, c, d) => _log.Add($"{a}{b}{c}{d}"));
        zero.Emit();
        two.Emit(1, "x");
        three.Emit(1, 2, 3);
        four.Emit(1, 2, 3, 4);
        Assert.That(_log.Take(), Is.EqualTo("- 1x 123 1234"));
    }

    [Test]
    public void A9_interrupted_emission_gives_up_a_slot_that_has_not_begun()
    {
        _signal.ConnectBlocking(_evaluator, _ => _log.Add("run"));
        bool isInterrupted = false;
        var emitting = new Thread(() =>
        {
            try
            {
                _signal.Emit(1);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        })
        {
            IsBackground = true,
        };
        emitting.Start();
        Bounded.Until(() => _evaluator.PendingCount == 1 && (emitting.ThreadState & ThreadState.WaitSleepJoin) != 0, "the wait");
        emitting.Interrupt();
        Assert.That(emitting.Join(Bounded.Limit), Is.True);
        _evaluator.EvaluateDeferredConnections();
        Assert.That((isInterrupted, _log.Take()), Is.EqualTo((true, "")));
    }

    [Test]
    public void A9_interrupted_emission_waits_for_a_slot_that_has_begun_and_stays_interrupted()
    {
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        _signal.ConnectBlocking(
            _evaluator,
            _ =>
            {
                inside.Set();
                Bounded.Wait(leave, "the test");
                _log.Add("run");
            }
        );
        bool isInterrupted = false;
        var emitting = new Thread(() =>
        {
            _signal.Emit(1);
            _log.Add("emitted");
            try
            {
                Thread.Sleep(0);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        })
        {
            IsBackground = true,
        };
        emitting.Start();
        Bounded.Until(() => _evaluator.PendingCount == 1, "the invocation");
        var evaluating = new Worker(() => _evaluator.EvaluateDeferredConnections());
        Bounded.Wait(inside, "the slot");
        emitting.Interrupt();
        Bounded.Until(() => (emitting.ThreadState & ThreadState.WaitSleepJoin) != 0, "the emission to wait again");
        leave.Set();
        evaluating.Join();
        Assert.That(emitting.Join(Bounded.Limit), Is.True);
        Assert.That((isInterrupted, _log.Take()), Is.EqualTo((true, "run emitted")));
    }

    [Test]
    public void A9_ended_connection_gives_up_all_emissions_that_wait()
    {
        ConnectionHandle handle = _signal.ConnectBlocking(_evaluator, value => _log.Add(value));
        Worker[] emitting = [.. Enumerable.Range(0, 3).Select(value => new Worker(() => _signal.Emit(value)))];
        Bounded.Until(() => _evaluator.PendingCount == 3, "the invocations");
        handle.Disconnect();
        Array.ForEach(emitting, static worker => worker.Join());
        Assert.That((_evaluator.EvaluateDeferredConnections(), _log.Take()), Is.EqualTo((0, "")));
    }
}
