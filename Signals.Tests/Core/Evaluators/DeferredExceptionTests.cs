using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class DeferredExceptionTests
{
    [Test]
    public void E5_one_exception_is_rethrown_with_its_stack_trace_after_the_other_slots_have_run()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var seen = new List<int>();
        var expected = new InvalidOperationException("second");
        signal.ConnectDeferred(
            evaluator,
            (int value) =>
            {
                if (value == 2)
                {
                    Fail(expected);
                }

                seen.Add(value);
            }
        );
        signal.Emit(1);
        signal.Emit(2);
        signal.Emit(3);

        Assert.That(
            () => evaluator.EvaluateDeferredConnections(),
            Throws.Exception.SameAs(expected).And.Property(nameof(Exception.StackTrace)).Contains(nameof(Fail))
        );
        Assert.That(seen, Is.EqualTo([1, 3]));
        Assert.That(evaluator.PendingCount, Is.Zero);
    }

    [Test]
    public void E5_several_exceptions_are_thrown_as_an_AggregateException_in_queue_order()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var exceptions = Enumerable.Range(0, 3).Select(i => new InvalidOperationException($"number {i}")).ToArray();
        int ran = 0;
        signal.ConnectDeferred(evaluator, (int i) => Fail(exceptions[i]));
        signal.ConnectDeferred(evaluator, (int _) => ran++);
        signal.Emit(0);
        signal.Emit(1);
        signal.Emit(2);

        AggregateException? thrown = Assert.Throws<AggregateException>(() => evaluator.EvaluateDeferredConnections());

        Assert.That(thrown?.InnerExceptions, Is.EqualTo(exceptions));
        Assert.That(thrown?.Message, Does.StartWith("3 slots of ConnectionEvaluator threw: "));
        Assert.That(ran, Is.EqualTo(3));
    }

    [Test]
    public void E5_an_exception_of_the_last_slot_ends_the_round_as_usual()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<bool>();
        int calls = 0;
        signal.ConnectDeferred(
            evaluator,
            (bool fails) =>
            {
                calls++;
                if (fails)
                {
                    Fail(new InvalidOperationException("last"));
                }
            }
        );
        signal.Emit(true);
        Assert.That(() => evaluator.EvaluateDeferredConnections(), Throws.InvalidOperationException);

        signal.Emit(false);
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
        Assert.That(calls, Is.EqualTo(2));
    }

    [Test]
    public void E5_the_signals_ExceptionHandler_receives_exceptions_of_its_slots()
    {
        using var evaluator = new ConnectionEvaluator();
        var handled = new List<(Exception, ConnectionHandle)>();
        var signal = new Signal<int>(new SignalOptions { ExceptionHandler = (exception, handle) => handled.Add((exception, handle)) });
        var other = new Signal<int>();
        var first = new InvalidOperationException("first");
        var second = new InvalidOperationException("second");
        ConnectionHandle connection = signal.ConnectDeferred(evaluator, (int _) => Fail(first));
        other.ConnectDeferred(evaluator, (int _) => Fail(second));
        signal.Emit(1);
        other.Emit(1);

        Assert.That(() => evaluator.EvaluateDeferredConnections(), Throws.Exception.SameAs(second));
        Assert.That(handled, Is.EqualTo([((Exception)first, connection)]));
    }

    [Test]
    public void E2_a_slot_that_threw_to_a_handler_counts_as_run()
    {
        using var evaluator = new ConnectionEvaluator();
        int handled = 0;
        var signal = new Signal<int>(new SignalOptions { ExceptionHandler = (_, _) => handled++ });
        signal.ConnectDeferred(evaluator, (int _) => Fail(new InvalidOperationException("handled")));
        signal.ConnectDeferred(evaluator, (int _) => { });
        signal.Emit(1);

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(2));
        Assert.That(handled, Is.EqualTo(1));
    }

    [Test]
    public void E5_exceptions_of_the_signals_handler_reach_the_evaluating_caller()
    {
        using var evaluator = new ConnectionEvaluator();
        var ofHandler = new InvalidOperationException("of the handler");
        var signal = new Signal<int>(new SignalOptions { ExceptionHandler = (_, _) => throw ofHandler });
        int ran = 0;
        signal.ConnectDeferred(evaluator, (int _) => Fail(new InvalidOperationException("of the slot")));
        signal.ConnectDeferred(evaluator, (int _) => ran++);
        signal.Emit(1);

        Assert.That(() => evaluator.EvaluateDeferredConnections(), Throws.Exception.SameAs(ofHandler));
        Assert.That(ran, Is.EqualTo(1));
    }

    [Test]
    public void E5_a_signal_that_stops_at_the_first_exception_does_not_stop_the_evaluator()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>(new SignalOptions { ExceptionPolicy = SlotExceptionPolicy.StopAtFirst });
        int ran = 0;
        signal.ConnectDeferred(evaluator, (int _) => Fail(new InvalidOperationException("first")));
        signal.ConnectDeferred(evaluator, (int _) => ran++);
        signal.Emit(1);

        Assert.That(() => evaluator.EvaluateDeferredConnections(), Throws.InvalidOperationException);
        Assert.That(ran, Is.EqualTo(1));
    }

    [Test]
    public void E5_a_slot_that_disconnects_itself_and_throws_is_reported_with_its_own_exception()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var expected = new InvalidOperationException("going");
        signal.ConnectDeferredReflective(
            evaluator,
            (ConnectionHandle self, int _) =>
            {
                self.Disconnect();
                Fail(expected);
            }
        );
        signal.Emit(1);
        signal.Emit(2);

        Assert.That(() => evaluator.EvaluateDeferredConnections(), Throws.Exception.SameAs(expected));
        Assert.That(evaluator.EvaluateDeferredConnections(), Is.Zero);
    }

    [Test]
    public void E5_an_evaluators_own_ExceptionHandler_does_not_apply_when_it_is_evaluated_explicitly()
    {
        int handled = 0;
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { ExceptionHandler = _ => handled++ });
        var signal = new Signal<int>();
        signal.ConnectDeferred(evaluator, (int _) => Fail(new InvalidOperationException("by hand")));
        signal.Emit(1);

        Assert.That(() => evaluator.EvaluateDeferredConnections(), Throws.InvalidOperationException);
        Assert.That(handled, Is.Zero);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail(Exception exception) => throw exception;
}
