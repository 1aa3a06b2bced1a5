using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public class ThreadPoolEvaluatorTests
{
    [Test]
    public void E10_slots_run_in_order_on_the_thread_pool_one_at_a_time()
    {
        const int Count = 2000;
        using var evaluator = new ThreadPoolEvaluator();
        var signal = new Signal<int>();
        using var done = new ManualResetEventSlim();
        var seen = new List<int>(Count);
        int inside = 0;
        bool overlapped = false;
        bool elsewhere = false;
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                overlapped |= Interlocked.Increment(ref inside) != 1;
                elsewhere |= !Thread.CurrentThread.IsThreadPoolThread;
                seen.Add(value);
                Interlocked.Decrement(ref inside);
                if (value == Count - 1)
                {
                    done.Set();
                }
            }
        );

        for (int i = 0; i < Count; i++)
        {
            signal.Emit(i);
        }

        Bounded.Wait(done, "the last slot");
        Assert.That((overlapped, elsewhere), Is.EqualTo((false, false)));
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, Count)));
    }

    [Test]
    public void E10_a_later_evaluation_serves_emissions_of_a_slot()
    {
        using var evaluator = new ThreadPoolEvaluator();
        var signal = new Signal<int>();
        using var done = new ManualResetEventSlim();
        var seen = new List<int>();
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                seen.Add(value);
                if (value == 50)
                {
                    done.Set();
                }
                else
                {
                    signal.Emit(value + 1);
                }
            }
        );

        signal.Emit(0);

        Bounded.Wait(done, "the last slot");
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 51)));
    }

    [Test]
    public void E5_the_options_ExceptionHandler_receives_exceptions_of_slots_and_the_evaluator_continues()
    {
        using var handled = new BlockingHandler();
        using var evaluator = new ThreadPoolEvaluator(new ConnectionEvaluatorOptions { ExceptionHandler = handled.Handle });
        var signal = new Signal<Exception>();
        signal.ConnectDeferred(evaluator, (Exception exception) => throw exception);
        var first = new InvalidOperationException("first");
        var second = new InvalidOperationException("second");

        signal.Emit(first);
        Assert.That(handled.Take(), Is.SameAs(first));
        signal.Emit(second);
        Assert.That(handled.Take(), Is.SameAs(second));
        Assert.That(handled.Thread!.IsThreadPoolThread, Is.True);
    }

    [Test]
    public void E10_options_are_required()
    {
        Assert.That(() => new ThreadPoolEvaluator(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("options"));
    }
}
