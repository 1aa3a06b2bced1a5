using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class ExceptionTests
{
    [Test]
    public void S7_signal_copies_its_options()
    {
        var handled = new List<Exception>();
        var options = new SignalOptions { ExceptionHandler = (exception, _) => handled.Add(exception) };
        using var signal = new Signal(options);
        options.ExceptionHandler = null;
        var thrown = new InvalidOperationException();
        signal.Connect(() => throw thrown);
        signal.Emit();
        Assert.That(handled, Is.EqualTo((Exception[])[thrown]));
    }

    [Test]
    public void S7_message_of_many_exceptions_is_short_and_all_exceptions_are_included()
    {
        const int count = 100_000;
        var signal = new Signal();
        var thrown = new List<Exception>();
        for (int i = 0; i < count; i++)
        {
            var exception = new InvalidOperationException(i == 0 ? new string('x', 100_000) : $"slot {i}");
            thrown.Add(exception);
            signal.Connect(() => throw exception);
        }

        AggregateException all = Assert.Catch<AggregateException>(signal.Emit)!;

        Assert.That(all.InnerExceptions, Is.EqualTo(thrown));
        Assert.That(all.Message, Does.StartWith($"{count} slots of Signal threw: ").And.Contain("99990 others").And.Contain("(slot 9)"));
        Assert.That(all.Message, Has.Length.LessThan(2000));
    }

    [Test]
    public void S7_all_slots_run_and_a_single_exception_is_rethrown_unchanged([Values(0, 1, 2)] int thrower)
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        var thrown = new InvalidOperationException("one");
        for (int i = 0; i < 3; i++)
        {
            int number = i;
            signal.Connect(_ =>
            {
                log.Add(number);
                ThrowIf(number == thrower, thrown);
            });
        }

        Assert.That(() => signal.Emit(1), Throws.Exception.SameAs(thrown));
        Assert.That(log.Take(), Is.EqualTo("0 1 2"));
        Assert.That(thrown.StackTrace, Does.Contain(nameof(ThrowIf)), "the original stack trace");
    }

    [Test]
    public void S7_single_slot_throws_to_the_emitter_with_its_stack_trace()
    {
        var signal = new Signal<int>();
        var thrown = new InvalidOperationException("one");
        ConnectionHandle handle = signal.Connect(_ => ThrowIf(true, thrown));

        Assert.That(() => signal.Emit(1), Throws.Exception.SameAs(thrown));
        Assert.That(thrown.StackTrace, Does.Contain(nameof(ThrowIf)));
        Assert.That(handle.IsActive, Is.True);
    }

    [Test]
    public void S7_several_exceptions_are_thrown_together_in_the_order_of_the_slots([Values(2, 3, 5, 70)] int count)
    {
        var signal = new Signal<int>();
        Exception[] thrown = [.. Enumerable.Range(0, count).Select(number => new InvalidOperationException($"number {number}"))];
        int quiet = 0;
        foreach (Exception exception in thrown)
        {
            signal.Connect(_ => ThrowIf(true, exception));
            signal.Connect(() => quiet++);
        }

        AggregateException all = Assert.Throws<AggregateException>(() => signal.Emit(1));
        Assert.That(all.InnerExceptions, Is.EqualTo(thrown));
        Assert.That(all.InnerExceptions, Has.All.Property(nameof(Exception.StackTrace)).Contains(nameof(ThrowIf)));
        Assert.That(quiet, Is.EqualTo(count));
    }

    [Test]
    public void S7_message_of_several_exceptions_names_the_signal_and_the_slots()
    {
        var signal = new Signal<int, string>();
        signal.Connect(ThrowFirst);
        signal.Connect(ThrowSecond);

        Assert.That(
            () => signal.Emit(1, "two"),
            Throws
                .TypeOf<AggregateException>()
                .With.Message.StartsWith(
                    "2 slots of Signal<Int32, String> threw: ExceptionTests.ThrowFirst, ExceptionTests.ThrowSecond. (first 1) (second)"
                )
        );
    }

    [Test]
    public void S7_aggregate_exception_of_a_slot_is_passed_on_as_it_was_thrown()
    {
        var signal = new Signal();
        var aggregate = new AggregateException(new InvalidOperationException(), new InvalidOperationException());
        var other = new InvalidOperationException();
        signal.Connect(() => throw aggregate);
        signal.Connect(() => { });
        Assert.That(signal.Emit, Throws.Exception.SameAs(aggregate));

        signal.Connect(() => throw other);
        Assert.That(Assert.Throws<AggregateException>(signal.Emit).InnerExceptions, Is.EqualTo((Exception[])[aggregate, other]));
    }

    [Test]
    public void S7_signal_stays_usable_after_exceptions([Values(1, 2, 65)] int count)
    {
        int calls = 0;
        var signal = new Signal<bool>();
        for (int i = 0; i < count; i++)
        {
            signal.Connect(fails =>
            {
                calls++;
                ThrowIf(fails, new InvalidOperationException());
            });
        }

        for (int round = 0; round < 3; round++)
        {
            Assert.That(() => signal.Emit(true), Throws.Exception);
            signal.Emit(false);
        }

        Assert.That(calls, Is.EqualTo(6 * count));
        Assert.That(signal.ConnectionCount, Is.EqualTo(count));
    }

    [Test]
    public void S7_StopAtFirst_ends_the_emission_like_a_CSharp_event([Values(0, 1, 2)] int thrower)
    {
        var log = new CallLog();
        var signal = new Signal<bool>(new SignalOptions { ExceptionPolicy = SlotExceptionPolicy.StopAtFirst });
        var thrown = new InvalidOperationException();
        for (int i = 0; i < 3; i++)
        {
            int number = i;
            signal.Connect(fails =>
            {
                log.Add(number);
                ThrowIf(fails && number >= thrower, thrown);
            });
        }

        Assert.That(() => signal.Emit(true), Throws.Exception.SameAs(thrown));
        Assert.That(log.Take(), Is.EqualTo(string.Join(' ', Enumerable.Range(0, thrower + 1))));
        Assert.That(thrown.StackTrace, Does.Contain(nameof(ThrowIf)));
        signal.Emit(false);
        Assert.That(log.Take(), Is.EqualTo("0 1 2"), "the signal stays usable");
    }

    [Test]
    public void S7_explicit_RunAllThenThrow_is_the_default()
    {
        Assert.That(new SignalOptions().ExceptionPolicy, Is.EqualTo(SlotExceptionPolicy.RunAllThenThrow));
        Assert.That(new SignalOptions().ExceptionHandler, Is.Null);

        int calls = 0;
        var signal = new Signal(new SignalOptions { ExceptionPolicy = SlotExceptionPolicy.RunAllThenThrow });
        var thrown = new InvalidOperationException();
        signal.Connect(() => throw thrown);
        signal.Connect(() => calls++);

        Assert.That(signal.Emit, Throws.Exception.SameAs(thrown));
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public void S7_handler_gets_each_exception_with_its_connection_and_nothing_is_thrown(
        [Values] SlotExceptionPolicy policy,
        [Values(1, 2, 3, 64, 65)] int count
    )
    {
        var log = new CallLog();
        var handled = new List<(Exception, ConnectionHandle)>();
        var expected = new List<(Exception, ConnectionHandle)>();
        var signal = new Signal<int>(
            new SignalOptions
            {
                ExceptionPolicy = policy,
                ExceptionHandler = (exception, connection) =>
                {
                    log.Add("handled");
                    handled.Add((exception, connection));
                },
            }
        );
        for (int i = 0; i < count; i++)
        {
            var thrown = new InvalidOperationException($"number {i}");
            expected.Add(
                (
                    thrown,
                    signal.Connect(_ =>
                    {
                        log.Add("slot");
                        throw thrown;
                    })
                )
            );
        }

        signal.Emit(1);

        Assert.That(handled, Is.EqualTo(expected));
        Assert.That(log.Take(), Is.EqualTo(string.Join(' ', Enumerable.Repeat("slot handled", count))), "each exception when it is thrown");
    }

    [Test]
    public void S7_handler_gets_the_handle_of_a_single_shot_that_has_ended([Values(0, 1, 70)] int others)
    {
        ConnectionHandle handled = default;
        bool wasActive = true;
        var signal = new Signal<int>(
            new SignalOptions
            {
                ExceptionHandler = (_, connection) =>
                {
                    handled = connection;
                    wasActive = connection.IsActive;
                },
            }
        );
        for (int i = 0; i < others; i++)
        {
            signal.Connect(_ => { });
        }

        ConnectionHandle single = signal.ConnectSingleShot(_ => throw new InvalidOperationException());
        signal.Emit(1);

        Assert.That(handled, Is.EqualTo(single));
        Assert.That(handled, Is.Not.EqualTo(default(ConnectionHandle)));
        Assert.That(wasActive, Is.False);
    }

    [Test]
    public void S7_handler_runs_on_the_emitting_thread()
    {
        int handlerThread = 0;
        int emittingThread = 0;
        var signal = new Signal(new SignalOptions { ExceptionHandler = (_, _) => handlerThread = Environment.CurrentManagedThreadId });
        signal.Connect(() => throw new InvalidOperationException());
        Worker.RunAll(() =>
        {
            emittingThread = Environment.CurrentManagedThreadId;
            signal.Emit();
        });

        Assert.That(handlerThread, Is.EqualTo(emittingThread));
        Assert.That(handlerThread, Is.Not.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public void S7_exception_of_a_handler_reaches_the_emitter_after_all_slots_have_run()
    {
        int calls = 0;
        var ofHandler = new NotSupportedException("by the handler");
        var signal = new Signal(new SignalOptions { ExceptionHandler = (_, _) => throw ofHandler });
        signal.Connect(() => throw new InvalidOperationException());
        signal.Connect(() => calls++);

        Assert.That(signal.Emit, Throws.Exception.SameAs(ofHandler));
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public void S7_several_exceptions_of_a_handler_are_thrown_together_and_name_it()
    {
        var signal = new Signal(new SignalOptions { ExceptionHandler = ThrowingHandler });
        signal.Connect(() => throw new InvalidOperationException("a"));
        signal.Connect(() => throw new InvalidOperationException("b"));

        AggregateException all = Assert.Throws<AggregateException>(signal.Emit);
        const string Handler = "ExceptionTests.ThrowingHandler";
        Assert.That(all.Message, Does.StartWith($"2 slots of Signal threw: {Handler}, {Handler}."));
        Assert.That(all.InnerExceptions.Select(exception => exception.Message), Is.EqualTo((string[])["handling a", "handling b"]));
    }

    [Test]
    public void S7_handler_may_disconnect_the_connection_that_failed()
    {
        var signal = new Signal(new SignalOptions { ExceptionHandler = (_, connection) => connection.Disconnect() });
        int good = 0;
        int bad = 0;
        signal.Connect(() => good++);
        signal.Connect(() =>
        {
            bad++;
            throw new InvalidOperationException();
        });
        signal.Connect(() => good++);
        signal.Emit();
        signal.Emit();

        Assert.That(bad, Is.EqualTo(1));
        Assert.That(good, Is.EqualTo(4));
        Assert.That(signal.ConnectionCount, Is.EqualTo(2));
    }

    [Test]
    public void S7_handler_may_dispose_the_signal_and_no_further_slot_is_started()
    {
        int calls = 0;
        Signal? signal = null;
        signal = new Signal(new SignalOptions { ExceptionHandler = (_, _) => signal!.Dispose() });
        signal.Connect(() => throw new InvalidOperationException());
        signal.Connect(() => calls++);
        signal.Emit();

        Assert.That(calls, Is.Zero);
    }

    [Test]
    public void S7_handler_applies_after_all_connections_have_ended_and_trimming()
    {
        int handled = 0;
        var signal = new Signal(new SignalOptions { ExceptionHandler = (_, _) => handled++ });
        for (int round = 1; round <= 3; round++)
        {
            signal.Connect(() => throw new InvalidOperationException());
            signal.Emit();
            signal.DisconnectAll();
            signal.TrimExcess();
            Assert.That(handled, Is.EqualTo(round));
        }
    }

    [Test]
    public void S7_StopAtFirst_applies_after_all_connections_have_ended()
    {
        int calls = 0;
        var signal = new Signal(new SignalOptions { ExceptionPolicy = SlotExceptionPolicy.StopAtFirst });
        signal.Connect(() => { });
        signal.DisconnectAll();
        signal.Connect(() => throw new InvalidOperationException());
        signal.Connect(() => calls++);

        Assert.That(signal.Emit, Throws.InvalidOperationException);
        Assert.That(calls, Is.Zero);
    }

    [Test]
    public void S7_exception_of_a_chained_signal_arrives_as_the_exception_of_its_slot()
    {
        var log = new CallLog();
        var outer = new Signal<int>();
        var inner = new Signal<int>();
        var first = new InvalidOperationException("first");
        var second = new InvalidOperationException("second");
        outer.Connect(inner);
        outer.Connect(_ => log.Add("outer"));
        inner.Connect(_ => throw first);
        inner.Connect(_ => log.Add("inner"));
        Assert.That(() => outer.Emit(1), Throws.Exception.SameAs(first));

        inner.Connect(_ => throw second);
        AggregateException ofInner = Assert.Throws<AggregateException>(() => outer.Emit(1));
        Assert.That(ofInner.InnerExceptions, Is.EqualTo((Exception[])[first, second]));
        Assert.That(log.Take(), Is.EqualTo("inner outer inner outer"));
    }

    [Test]
    public void S7_slot_that_throws_after_disconnecting_itself_prevents_no_other([Values] bool all)
    {
        int calls = 0;
        var signal = new Signal();
        var thrown = new InvalidOperationException();
        signal.ConnectReflective(handle =>
        {
            handle.Disconnect();
            if (all)
            {
                signal.DisconnectAll();
            }

            throw thrown;
        });
        signal.Connect(() => calls++);

        Assert.That(signal.Emit, Throws.Exception.SameAs(thrown));
        Assert.That(calls, Is.EqualTo(all ? 0 : 1));
    }

    [Test]
    public void S7_one_options_object_may_serve_many_signals()
    {
        var handled = new List<ConnectionHandle>();
        var options = new SignalOptions { ExceptionHandler = (_, connection) => handled.Add(connection) };
        var first = new Signal(options);
        var second = new Signal<int>(options);
        ConnectionHandle ofFirst = first.Connect(() => throw new InvalidOperationException());
        ConnectionHandle ofSecond = second.Connect(() => throw new InvalidOperationException());
        second.Emit(1);
        first.Emit();

        Assert.That(handled, Is.EqualTo((ConnectionHandle[])[ofSecond, ofFirst]));
    }

    private static void ThrowIf(bool condition, Exception exception)
    {
        if (condition)
        {
            throw exception;
        }
    }

    private static void ThrowFirst(int value, string text) => throw new InvalidOperationException($"first {value}");

    private static void ThrowSecond() => throw new InvalidOperationException("second");

    private static void ThrowingHandler(Exception exception, ConnectionHandle connection) =>
        throw new NotSupportedException($"handling {exception.Message}");
}
