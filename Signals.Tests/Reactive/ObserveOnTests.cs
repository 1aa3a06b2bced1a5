using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Threading.Channels;
using NUnit.Framework;
using Signals.Reactive;

namespace Signals.Tests.Reactive;

public sealed class ObserveOnTests
{
    [Test]
    public void R4_values_and_completion_arrive_on_the_evaluating_thread_in_order()
    {
        using var evaluator = new ConnectionEvaluator();
        using var source = new Subject<int>();
        var observer = new RecordingObserver<int>();
        using IDisposable subscription = source.ObserveOn(evaluator).Subscribe(observer);
        source.OnNext(1);
        source.OnNext(2);
        source.OnCompleted();
        Assert.That((observer.Values.Count, observer.Completions, evaluator.PendingCount), Is.EqualTo((0, 0, 3)));

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(3));

        Assert.That(observer.Values, Is.EqualTo([1, 2]));
        Assert.That((observer.Completions, observer.Errors.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void R4_an_error_follows_all_values()
    {
        using var evaluator = new ConnectionEvaluator();
        using var source = new Subject<int>();
        var observer = new RecordingObserver<int>();
        var error = new InvalidOperationException("error");
        using IDisposable subscription = source.ObserveOn(evaluator).Subscribe(observer);
        source.OnNext(1);
        source.OnError(error);
        evaluator.EvaluateDeferredConnections();

        Assert.That(observer.Values, Is.EqualTo([1]));
        Assert.That(observer.Errors, Is.EqualTo<Exception>([error]));
        Assert.That(observer.Completions, Is.Zero);
    }

    [Test]
    public void R4_values_keep_their_position_among_other_invocations()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<string>();
        var log = new List<string>();
        using IDisposable subscription = signal.AsObservable().ObserveOn(evaluator).Subscribe(value => log.Add($"observer {value}"));
        signal.ConnectDeferred(evaluator, value => log.Add($"slot {value}"));
        signal.Emit("1");
        signal.Emit("2");
        evaluator.EvaluateDeferredConnections();

        Assert.That(log, Is.EqualTo(["observer 1", "slot 1", "observer 2", "slot 2"]));
    }

    [Test]
    public void R4_E3_disposing_the_subscription_removes_queued_notifications()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var observer = new RecordingObserver<int>();
        IDisposable subscription = signal.AsObservable().ObserveOn(evaluator).Subscribe(observer);
        signal.Emit(1);
        signal.Dispose();
        Assert.That(evaluator.PendingCount, Is.EqualTo(2));

        subscription.Dispose();
        subscription.Dispose();

        Assert.That((evaluator.PendingCount, evaluator.EvaluateDeferredConnections()), Is.EqualTo((0, 0)));
        Assert.That((observer.Values.Count, observer.Completions), Is.EqualTo((0, 0)));
    }

    [Test]
    public void R4_disposing_the_subscription_inside_a_value_ends_it()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        IDisposable? subscription = null;
        var observer = new RecordingObserver<int> { OnValue = _ => subscription!.Dispose() };
        subscription = signal.AsObservable().ObserveOn(evaluator).Subscribe(observer);
        signal.Emit(1);
        signal.Emit(2);
        evaluator.EvaluateDeferredConnections();

        Assert.That(observer.Values, Is.EqualTo([1]));
        Assert.That(signal.IsEmpty, Is.True);
    }

    [Test]
    public void R4_E8_disposing_the_evaluator_ends_the_subscription_and_delivers_nothing_more()
    {
        var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var observer = new RecordingObserver<int>();
        using IDisposable subscription = signal.AsObservable().ObserveOn(evaluator).Subscribe(observer);
        signal.Emit(1);
        evaluator.Dispose();

        Assert.That(signal.IsEmpty, Is.True);
        Assert.That(() => signal.Emit(2), Throws.Nothing);
        Assert.That(signal.Dispose, Throws.Nothing);
        Assert.That((evaluator.EvaluateDeferredConnections(), observer.Values.Count, observer.Completions), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public void R4_E8_subscribing_on_a_disposed_evaluator_does_nothing()
    {
        var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var observer = new RecordingObserver<int>();
        IObservable<int> observable = signal.AsObservable().ObserveOn(evaluator);
        evaluator.Dispose();
        IDisposable subscription = observable.Subscribe(observer);

        Assert.That(signal.IsEmpty, Is.True);
        Assert.That(subscription.Dispose, Throws.Nothing);
        Assert.That((observer.Errors.Count, observer.Completions), Is.EqualTo((0, 0)));
    }

    [Test]
    public void R3_the_end_is_delivered_even_if_unsubscribing_from_the_source_throws([Values] bool isError, [Values] bool observerThrows)
    {
        using var evaluator = new ConnectionEvaluator();
        var unsubscribing = new InvalidOperationException("unsubscribing");
        var ofObserver = new InvalidOperationException("observer");
        var error = new InvalidOperationException("error");
        var source = new ManualObservable<int> { OnUnsubscribe = () => throw unsubscribing };
        var observer = new RecordingObserver<int> { OnEnd = () => _ = observerThrows ? throw ofObserver : 0 };
        source.ObserveOn(evaluator).Subscribe(observer);
        if (isError)
        {
            source.Observer!.OnError(error);
        }
        else
        {
            source.Observer!.OnCompleted();
        }

        Exception? thrown = Assert.Catch(() => evaluator.EvaluateDeferredConnections());

        Assert.That(observer.Errors, isError ? Is.EqualTo<Exception>([error]) : Is.Empty);
        Assert.That((observer.Completions, source.Unsubscribed), Is.EqualTo((isError ? 0 : 1, 1)));
        Assert.That(Thrown.By(thrown), Is.EqualTo<Exception>(observerThrows ? [unsubscribing, ofObserver] : [unsubscribing]));
    }

    [TestCase(BoundedChannelFullMode.DropWrite)]
    [TestCase(BoundedChannelFullMode.DropNewest)]
    [TestCase(BoundedChannelFullMode.DropOldest)]
    public void R3_E9_an_evaluator_that_drops_values_does_not_drop_the_end(BoundedChannelFullMode mode)
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 1, FullMode = mode });
        using var source = new Subject<int>();
        var other = new Signal();
        other.ConnectDeferred(evaluator, () => { });
        var observer = new RecordingObserver<int>();
        var error = new InvalidOperationException("error");
        using IDisposable subscription = source.ObserveOn(evaluator).Subscribe(observer);
        source.OnNext(1);
        source.OnNext(2);
        source.OnError(error);
        other.Emit();
        other.Emit();
        evaluator.EvaluateDeferredConnections();

        Assert.That(observer.Errors, Is.EqualTo<Exception>([error]));
        Assert.That(observer.Values, Is.EqualTo(mode == BoundedChannelFullMode.DropWrite ? [1] : Array.Empty<int>()));
    }

    [Test]
    public void R4_E5_an_exception_of_an_observer_loses_no_other_value()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var expected = new InvalidOperationException("observer");
        var observer = new RecordingObserver<int> { OnValue = value => _ = value == 1 ? throw expected : value };
        using IDisposable subscription = signal.AsObservable().ObserveOn(evaluator).Subscribe(observer);
        signal.Emit(1);
        signal.Emit(2);
        signal.Dispose();

        Assert.That(evaluator.EvaluateDeferredConnections, Throws.Exception.SameAs(expected));
        Assert.That(observer.Values, Is.EqualTo([1, 2]));
        Assert.That(observer.Completions, Is.EqualTo(1));
    }

    [Test]
    public void R4_nothing_follows_the_end_regardless_of_the_source()
    {
        using var evaluator = new ConnectionEvaluator();
        var source = new ManualObservable<int>();
        var observer = new RecordingObserver<int>();
        using IDisposable subscription = source.ObserveOn(evaluator).Subscribe(observer);
        source.Observer!.OnCompleted();
        source.Observer.OnNext(1);
        source.Observer.OnError(new InvalidOperationException("late"));
        evaluator.EvaluateDeferredConnections();
        source.Observer.OnNext(2);
        evaluator.EvaluateDeferredConnections();

        Assert.That((observer.Completions, observer.Values.Count, observer.Errors.Count), Is.EqualTo((1, 0, 0)));
        Assert.That(source.Unsubscribed, Is.EqualTo(1));
    }

    [Test]
    public void R4_exception_of_subscribing_reaches_the_subscriber_and_leaves_no_entry()
    {
        using var evaluator = new ConnectionEvaluator();
        var expected = new InvalidOperationException("subscribing");
        var source = new FailingObservable(expected);

        Assert.That(() => source.ObserveOn(evaluator).Subscribe(new RecordingObserver<int>()), Throws.Exception.SameAs(expected));
        Assert.That(evaluator.PendingCount, Is.Zero);
    }

    [Test]
    public void R4_values_from_another_thread_arrive_on_the_evaluators_thread([Values] bool onPool)
    {
        const int count = 1_000;
        using ConnectionEvaluator evaluator = onPool ? new ThreadPoolEvaluator() : new ThreadEvaluator();
        using var signal = new Signal<int>();
        using var done = new ManualResetEventSlim();
        var values = new List<int>();
        int emitting = 0;
        using IDisposable subscription = signal
            .AsObservable()
            .ObserveOn(evaluator)
            .Finally(done.Set)
            .Subscribe(value =>
            {
                values.Add(value);
                emitting += Thread.CurrentThread.Name == "emitter" ? 1 : 0;
            });
        var emitter = new Worker(() =>
        {
            Thread.CurrentThread.Name = "emitter";
            for (int i = 0; i < count; i++)
            {
                signal.Emit(i);
            }

            signal.Dispose();
        });
        emitter.Join();
        Bounded.Wait(done, "the completion");

        Assert.That(values, Is.EqualTo(Enumerable.Range(0, count)));
        Assert.That(emitting, Is.Zero);
    }

    [Test]
    public void E7_a_value_allocates_nothing_in_a_steady_state()
    {
        const int batch = 100;
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<(long, long)>();
        long sum = 0;
        using IDisposable subscription = signal.AsObservable().ObserveOn(evaluator).Subscribe(value => sum += value.Item1);
        Run();
        Run();

        long allocated = Allocations.Of(Run);

        Assert.That((allocated, sum), Is.EqualTo((0L, 3L * batch)));

        void Run()
        {
            for (int i = 0; i < batch; i++)
            {
                signal.Emit((1, 2));
            }

            evaluator.EvaluateDeferredConnections();
        }
    }

    [Test]
    public void R4_null_is_refused()
    {
        using var evaluator = new ConnectionEvaluator();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ((IObservable<int>)null!).ObserveOn(evaluator), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("source"));
            Assert.That(
                () => Observable.Never<int>().ObserveOn((ConnectionEvaluator)null!),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("evaluator")
            );
            Assert.That(
                () => Observable.Never<int>().ObserveOn(evaluator).Subscribe(null!),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("observer")
            );
        }
    }

    /// <summary>Observable that produces a value during the subscription and then throws.</summary>
    private sealed class FailingObservable(Exception exception) : IObservable<int>
    {
        public IDisposable Subscribe(IObserver<int> observer)
        {
            observer.OnNext(1);
            throw exception;
        }
    }
}
