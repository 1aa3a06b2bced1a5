using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core.Observables;

[TestFixture]
public class ConnectToTests
{
    [Test]
    public void R3_each_value_is_emitted()
    {
        var source = new ManualObservable<int>();
        var target = new Signal<int>();
        var seen = new List<int>();
        target.Connect(seen.Add);

        source.ConnectTo(target);
        source.Observer!.OnNext(1);
        source.Observer.OnNext(2);

        Assert.That(seen, Is.EqualTo([1, 2]));
    }

    [Test]
    public void R3_disposing_unsubscribes()
    {
        var source = new ManualObservable<int>();

        IDisposable subscription = source.ConnectTo(new Signal<int>());
        Assert.That(source.Unsubscribed, Is.Zero);
        subscription.Dispose();

        Assert.That(source.Unsubscribed, Is.EqualTo(1));
    }

    [Test]
    public void R3_an_error_is_thrown_where_it_is_reported_by_default_with_its_stack_trace()
    {
        var source = new ManualObservable<int>();
        source.ConnectTo(new Signal<int>());
        Exception error = Assert.Catch(Fail)!;

        Assert.That(
            () => source.Observer!.OnError(error),
            Throws.Exception.SameAs(error).And.Property(nameof(Exception.StackTrace)).Contains(nameof(Fail))
        );
    }

    [Test]
    public void R3_an_error_is_passed_to_the_callers_handler()
    {
        var source = new ManualObservable<int>();
        var target = new Signal<int>();
        var errors = new List<Exception>();
        int completions = 0;
        var error = new InvalidOperationException("error");
        source.ConnectTo(target, errors.Add, () => completions++);

        source.Observer!.OnError(error);

        Assert.That(errors, Is.EqualTo<Exception>([error]));
        Assert.That((completions, target.IsDisposed), Is.EqualTo((0, false)));
    }

    [Test]
    public void R3_completion_calls_the_callers_handler_and_does_not_end_the_signal()
    {
        var source = new ManualObservable<int>();
        var target = new Signal<int>();
        target.Connect((int _) => { });
        int completions = 0;
        source.ConnectTo(target, onCompleted: () => completions++);

        source.Observer!.OnCompleted();

        Assert.That((completions, target.IsDisposed, target.ConnectionCount), Is.EqualTo((1, false, 1)));
    }

    [Test]
    public void R3_completion_does_nothing_by_default()
    {
        var source = new ManualObservable<int>();
        var target = new Signal<int>();
        source.ConnectTo(target);

        Assert.That(source.Observer!.OnCompleted, Throws.Nothing);
        Assert.That(target.IsDisposed, Is.False);
    }

    [Test]
    public void R3_exception_of_a_slot_propagates_to_the_observable()
    {
        var source = new ManualObservable<int>();
        var target = new Signal<int>();
        var expected = new InvalidOperationException("slot");
        var errors = new List<Exception>();
        target.Connect((int _) => throw expected);
        source.ConnectTo(target, errors.Add);

        Assert.That(() => source.Observer!.OnNext(1), Throws.Exception.SameAs(expected));
        Assert.That(errors, Is.Empty);
    }

    [Test]
    public void R3_values_after_the_signals_disposal_do_nothing()
    {
        var source = new ManualObservable<int>();
        var target = new Signal<int>();
        source.ConnectTo(target);
        target.Dispose();

        Assert.That(() => source.Observer!.OnNext(1), Throws.Nothing);
    }

    [Test]
    public void R3_an_observable_of_a_derived_type_can_emit_a_signal_of_its_base()
    {
        var source = new ManualObservable<string>();
        var target = new Signal<object>();
        var seen = new List<object>();
        target.Connect(seen.Add);

        source.ConnectTo<object>(target);
        source.Observer!.OnNext("a");

        Assert.That(seen, Is.EqualTo<object>(["a"]));
    }

    [Test]
    public void R3_one_signal_can_be_connected_to_another_through_an_observable()
    {
        var source = new Signal<int>();
        var target = new Signal<int>();
        var seen = new List<int>();
        int completions = 0;
        target.Connect(seen.Add);
        source.AsObservable().ConnectTo(target, onCompleted: () => completions++);

        source.Emit(1);
        source.Dispose();

        Assert.That((seen.Single(), completions, target.IsDisposed), Is.EqualTo((1, 1, false)));
    }

    [Test]
    public void R3_null_is_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => ((IObservable<int>)null!).ConnectTo(new Signal<int>()),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("source")
            );
            Assert.That(() => new ManualObservable<int>().ConnectTo(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("target"));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail() => throw new InvalidOperationException("of the source");

    [Test]
    public void R3_tuples_emit_signals_of_their_arity()
    {
        var source2 = new ManualObservable<(int, int)>();
        var source3 = new ManualObservable<(int, int, int)>();
        var source4 = new ManualObservable<(int, int, int, int)>();
        var target2 = new Signal<int, int>();
        var target3 = new Signal<int, int, int>();
        var target4 = new Signal<int, int, int, int>();
        var seen = new List<string>();
        target2.Connect((a, b) => seen.Add($"{a} {b}"));
        target3.Connect((a, b, c) => seen.Add($"{a} {b} {c}"));
        target4.Connect((a, b, c, d) => seen.Add($"{a} {b} {c} {d}"));
        source2.ConnectTo(target2).Dispose();
        source3.ConnectTo(target3, onCompleted: () => seen.Add("completed"));
        source4.ConnectTo(target4, error => seen.Add(error.Message));
        source2.Observer!.OnNext((1, 2));
        source3.Observer!.OnNext((1, 2, 3));
        source4.Observer!.OnNext((1, 2, 3, 4));
        source3.Observer.OnCompleted();
        source4.Observer.OnError(new InvalidOperationException("failed"));

        Assert.That(seen, Is.EqualTo(["1 2", "1 2 3", "1 2 3 4", "completed", "failed"]));
        Assert.That(source2.Unsubscribed, Is.EqualTo(1));
        var expected = new InvalidOperationException("error");
        Assert.That(() => source2.Observer.OnError(expected), Throws.Exception.SameAs(expected));
    }

    [Test]
    public void R3_null_targets_of_every_arity_are_refused()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => new ManualObservable<(int, int)>().ConnectTo((Signal<int, int>)null!),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("target")
            );
            Assert.That(
                () => new ManualObservable<(int, int, int)>().ConnectTo((Signal<int, int, int>)null!),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("target")
            );
            Assert.That(
                () => new ManualObservable<(int, int, int, int)>().ConnectTo((Signal<int, int, int, int>)null!),
                Throws.ArgumentNullException.With.Property("ParamName").EqualTo("target")
            );
        }
    }
}
