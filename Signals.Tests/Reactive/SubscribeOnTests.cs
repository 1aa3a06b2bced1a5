using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Threading.Channels;
using NUnit.Framework;
using Signals.Reactive;

namespace Signals.Tests.Reactive;

public sealed class SubscribeOnTests
{
    private readonly List<string> _log = [];

    [SetUp]
    public void Clear() => _log.Clear();

    [Test]
    public void R4_subscribing_and_unsubscribing_run_on_the_evaluating_thread()
    {
        using var evaluator = new ConnectionEvaluator();
        IDisposable subscription = Logged().SubscribeOn(evaluator).Subscribe(new RecordingObserver<int>());
        Assert.That(_log, Is.Empty);
        evaluator.EvaluateDeferredConnections();
        Assert.That(_log, Is.EqualTo(["subscribed"]));

        subscription.Dispose();
        subscription.Dispose();
        Assert.That(_log, Has.Count.EqualTo(1));
        evaluator.EvaluateDeferredConnections();
        Assert.That(_log, Is.EqualTo(["subscribed", "unsubscribed"]));
    }

    [Test]
    public void R4_values_arrive_on_the_thread_of_the_source()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var observer = new RecordingObserver<int>();
        using IDisposable subscription = signal.AsObservable().SubscribeOn(evaluator).Subscribe(observer);
        signal.Emit(1);
        evaluator.EvaluateDeferredConnections();
        signal.Emit(2);
        signal.Dispose();

        Assert.That(observer.Values, Is.EqualTo([2]));
        Assert.That(observer.Completions, Is.EqualTo(1));
    }

    [Test]
    public void R4_E3_disposing_before_the_evaluation_never_subscribes()
    {
        using var evaluator = new ConnectionEvaluator();
        Logged().SubscribeOn(evaluator).Subscribe(new RecordingObserver<int>()).Dispose();

        Assert.That((evaluator.PendingCount, evaluator.EvaluateDeferredConnections()), Is.EqualTo((0, 0)));
        Assert.That(_log, Is.Empty);
    }

    [Test]
    public void R4_E8_unsubscribing_after_the_evaluator_was_disposed_is_immediate()
    {
        var evaluator = new ConnectionEvaluator();
        IDisposable subscription = Logged().SubscribeOn(evaluator).Subscribe(new RecordingObserver<int>());
        evaluator.EvaluateDeferredConnections();
        evaluator.Dispose();
        Assert.That(_log, Has.Count.EqualTo(1));

        subscription.Dispose();

        Assert.That(_log, Is.EqualTo(["subscribed", "unsubscribed"]));
    }

    [Test]
    public void R4_E8_an_unsubscription_that_the_evaluator_drops_is_still_carried_out()
    {
        var evaluator = new ConnectionEvaluator();
        IDisposable subscription = Logged().SubscribeOn(evaluator).Subscribe(new RecordingObserver<int>());
        evaluator.EvaluateDeferredConnections();
        subscription.Dispose();
        evaluator.Dispose();

        Assert.That(_log, Is.EqualTo(["subscribed", "unsubscribed"]));
    }

    [Test]
    public void R4_E8_subscribing_on_a_disposed_evaluator_does_nothing()
    {
        var evaluator = new ConnectionEvaluator();
        evaluator.Dispose();
        IDisposable subscription = Logged().SubscribeOn(evaluator).Subscribe(new RecordingObserver<int>());

        Assert.That(subscription.Dispose, Throws.Nothing);
        Assert.That(_log, Is.Empty);
    }

    [TestCase(BoundedChannelFullMode.DropWrite)]
    [TestCase(BoundedChannelFullMode.DropNewest)]
    [TestCase(BoundedChannelFullMode.DropOldest)]
    public void R4_E9_an_evaluator_that_drops_invocations_drops_neither_the_subscription_nor_its_end(BoundedChannelFullMode mode)
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 1, FullMode = mode });
        var other = new Signal();
        other.ConnectDeferred(evaluator, () => { });
        other.Emit();
        IDisposable subscription = Logged().SubscribeOn(evaluator).Subscribe(new RecordingObserver<int>());
        other.Emit();
        other.Emit();
        evaluator.EvaluateDeferredConnections();
        Assert.That(_log, Is.EqualTo(["subscribed"]));

        other.Emit();
        subscription.Dispose();
        other.Emit();
        other.Emit();
        evaluator.EvaluateDeferredConnections();
        Assert.That(_log, Is.EqualTo(["subscribed", "unsubscribed"]));
    }

    [Test]
    public void R4_E9_unsubscribing_does_not_wait_for_room()
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 1 });
        var other = new Signal();
        other.ConnectDeferred(evaluator, () => { });
        IDisposable subscription = Logged().SubscribeOn(evaluator).Subscribe(new RecordingObserver<int>());
        evaluator.EvaluateDeferredConnections();
        other.Emit();
        var unsubscriber = new Worker(subscription.Dispose);
        unsubscriber.Join();

        evaluator.EvaluateDeferredConnections();
        Assert.That(_log, Is.EqualTo(["subscribed", "unsubscribed"]));
    }

    [Test]
    public void R4_unsubscribing_that_throws_leaves_no_entry_in_the_evaluator()
    {
        var evaluator = new ConnectionEvaluator();
        var expected = new InvalidOperationException("unsubscribing");
        var source = new ManualObservable<int> { OnUnsubscribe = () => throw expected };
        IDisposable subscription = source.SubscribeOn(evaluator).Subscribe(new RecordingObserver<int>());
        evaluator.EvaluateDeferredConnections();
        subscription.Dispose();

        Assert.That(evaluator.EvaluateDeferredConnections, Throws.Exception.SameAs(expected));
        Assert.That(((Signal)evaluator.Disposed).ConnectionCount, Is.Zero);
        Assert.That(evaluator.Dispose, Throws.Nothing);
        Assert.That(source.Unsubscribed, Is.EqualTo(1));
    }

    [Test]
    public void R4_exception_of_subscribing_becomes_an_error()
    {
        using var evaluator = new ConnectionEvaluator();
        var expected = new InvalidOperationException("subscribing");
        var observer = new RecordingObserver<int>();
        Observable.Create<int>(IDisposable (_) => throw expected).SubscribeOn(evaluator).Subscribe(observer);
        evaluator.EvaluateDeferredConnections();

        Assert.That(observer.Errors, Is.EqualTo<Exception>([expected]));
    }

    [Test]
    public void R4_null_is_refused()
    {
        using var evaluator = new ConnectionEvaluator();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => ((IObservable<int>)null!).SubscribeOn(evaluator), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("source"));
            Assert.That(
                () => Observable.Never<int>().SubscribeOn((ConnectionEvaluator)null!),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("evaluator")
            );
            Assert.That(
                () => Observable.Never<int>().SubscribeOn(evaluator).Subscribe(null!),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("observer")
            );
        }
    }

    private IObservable<int> Logged() =>
        Observable.Create<int>(_ =>
        {
            _log.Add("subscribed");
            return Disposable.Create(() => _log.Add("unsubscribed"));
        });
}
