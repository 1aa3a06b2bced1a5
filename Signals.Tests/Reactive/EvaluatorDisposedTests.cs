using System.Reactive.Concurrency;
using System.Reactive.Linq;
using NUnit.Framework;
using Signals.Reactive;

namespace Signals.Tests.Reactive;

/// <summary>Pipelines keep working after the evaluator that they use has been disposed.</summary>
public sealed class EvaluatorDisposedTests
{
    private static IEnumerable<TestCaseData> Pipelines
    {
        get
        {
            yield return Make("Range", (scheduler, _) => Observable.Range(0, 10, scheduler));
            yield return Make("Generate", (scheduler, _) => Observable.Generate(0, x => x < 10, x => x + 1, x => x, scheduler));
            yield return Make(
                "timed Generate",
                (scheduler, _) => Observable.Generate(0, x => x < 10, x => x + 1, x => x, x => TimeSpan.FromMinutes(x), scheduler)
            );
            yield return Make("Repeat", (scheduler, _) => Observable.Repeat(1, scheduler));
            yield return Make("ToObservable", (scheduler, _) => Enumerable.Range(1, 3).ToObservable(scheduler));
            yield return Make("ObserveOn a scheduler", (scheduler, _) => Observable.Range(0, 3).ObserveOn(scheduler));
            yield return Make("Delay", (scheduler, _) => Observable.Range(0, 3).ObserveOn(scheduler).Delay(TimeSpan.Zero, scheduler));
            yield return Make("ObserveOn an evaluator", (_, evaluator) => Observable.Range(0, 3).ObserveOn(evaluator));
            yield return Make("resubscription on a scheduler", (scheduler, _) => Observable.Return(1, scheduler).Repeat(3));
            yield return Make("resubscription on an evaluator", (_, evaluator) => Observable.Return(1).ObserveOn(evaluator).Repeat(3));
            yield return Make("resubscription by an evaluator", (_, evaluator) => Observable.Return(1).SubscribeOn(evaluator).Repeat(3));
            yield return Make(
                "inner pipelines",
                (scheduler, evaluator) =>
                    Observable
                        .Range(0, 3, scheduler)
                        .Do(_ => evaluator.Dispose())
                        .SelectMany(x => Observable.Return(x).ObserveOn(evaluator).SubscribeOn(evaluator)),
                delivers: false
            );

            static TestCaseData Make(string name, Func<IScheduler, ConnectionEvaluator, IObservable<int>> make, bool delivers = true) =>
                new TestCaseData(make, delivers).SetArgDisplayNames(name);
        }
    }

    [TestCaseSource(nameof(Pipelines))]
    public void R4_E8_a_pipeline_that_disposes_its_evaluator_ends_without_notifications(
        Func<IScheduler, ConnectionEvaluator, IObservable<int>> make,
        bool delivers
    )
    {
        var evaluator = new ConnectionEvaluator();
        EvaluatorScheduler scheduler = evaluator.ToScheduler();
        var observer = new RecordingObserver<int> { OnValue = _ => evaluator.Dispose() };
        using IDisposable subscription = make(scheduler, evaluator).Subscribe(observer);

        Assert.That(EvaluateToTheEnd, Throws.Nothing);
        Assert.That(evaluator.IsDisposed, Is.True);
        Assert.That(observer.Values, delivers ? Is.Not.Empty : Is.Empty);
        Assert.That((observer.Errors.Count, scheduler.ToString()), Is.EqualTo((0, "EvaluatorScheduler (0 timed, ConnectionEvaluator (disposed))")));

        void EvaluateToTheEnd()
        {
            while (evaluator.EvaluateDeferredConnections() > 0) { }
        }
    }

    [Test]
    public void R4_E8_work_that_schedules_itself_again_ends_with_the_evaluator()
    {
        var evaluator = new ConnectionEvaluator();
        EvaluatorScheduler scheduler = evaluator.ToScheduler();
        int runs = 0;
        scheduler.Schedule(self =>
        {
            runs++;
            evaluator.Dispose();
            self();
        });
        scheduler.Schedule(TimeSpan.Zero, self => self(TimeSpan.FromSeconds(1)));

        Assert.That(evaluator.EvaluateDeferredConnections, Throws.Nothing);
        Assert.That(runs, Is.EqualTo(1));
    }

    [Test]
    public void R4_E8_emitting_into_a_pipeline_over_a_disposed_evaluator_does_nothing()
    {
        var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        var observer = new RecordingObserver<int>();
        using IDisposable subscription = signal.AsObservable().ObserveOn(evaluator.ToScheduler()).Subscribe(observer);
        evaluator.Dispose();

        Assert.That(() => signal.Emit(1), Throws.Nothing);
        Assert.That(signal.Dispose, Throws.Nothing);
        Assert.That((observer.Values.Count, observer.Completions), Is.EqualTo((0, 0)));
    }
}
