using System.Reactive.Disposables;
using System.Reactive.Linq;
using NUnit.Framework;
using Signals.Reactive;
using Signals.Tests.Core.Observables;

namespace Signals.Tests.Reactive;

public sealed class SubscribeOnTests
{
    private readonly List<string> _log = [];

    [SetUp]
    public void Clear() => _log.Clear();

    [Test]
    public void R4_subscribing_and_unsubscribing_happen_where_the_evaluator_is_evaluated()
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
    public void R4_values_come_on_the_thread_that_the_source_calls()
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
    public void R4_E3_disposing_before_the_turn_has_come_never_subscribes()
    {
        using var evaluator = new ConnectionEvaluator();
        Logged().SubscribeOn(evaluator).Subscribe(new RecordingObserver<int>()).Dispose();

        Assert.That((evaluator.PendingCount, evaluator.EvaluateDeferredConnections()), Is.EqualTo((0, 0)));
        Assert.That(_log, Is.Empty);
    }

    [Test]
    public void R4_E8_unsubscribing_when_the_evaluator_has_been_disposed_happens_at_once()
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
    public void R4_E8_an_unsubscription_that_the_evaluator_drops_is_made_all_the_same()
    {
        var evaluator = new ConnectionEvaluator();
        IDisposable subscription = Logged().SubscribeOn(evaluator).Subscribe(new RecordingObserver<int>());
        evaluator.EvaluateDeferredConnections();
        subscription.Dispose();
        evaluator.Dispose();

        Assert.That(_log, Is.EqualTo(["subscribed", "unsubscribed"]));
    }

    [Test]
    public void R4_subscribing_on_a_disposed_evaluator_throws()
    {
        var evaluator = new ConnectionEvaluator();
        evaluator.Dispose();

        Assert.That(() => Logged().SubscribeOn(evaluator).Subscribe(new RecordingObserver<int>()), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(_log, Is.Empty);
    }

    [Test]
    public void R4_what_subscribing_throws_becomes_an_error()
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
