using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class BindingTests
{
    [Test]
    public void P12_a_bound_property_is_read_only()
    {
        var source = new Property<int>(1);
        var property = new Property<int>(0);
        property.Bind(() => source.Value * 2);

        Assert.That((property.IsBound, property.Value), Is.EqualTo((true, 2)));
        Assert.That(() => property.Value = 5, Throws.InvalidOperationException.With.Message.Contains("Unbind"));
        Assert.That(() => property.Value = 2, Throws.InvalidOperationException);
        source.Value = 3;
        Assert.That(property.Value, Is.EqualTo(6));
        property.Unbind();
        Assert.That((property.IsBound, property.Value), Is.EqualTo((false, 6)));
        property.Value = 5;
        source.Value = 4;
        Assert.That(property.Value, Is.EqualTo(5));
    }

    [Test]
    public void P12_it_is_computed_once_by_bind_and_then_lazy_while_unobserved()
    {
        var source = new Property<int>(1);
        var property = new Property<int>(0);
        int runs = 0;
        property.Bind(() =>
        {
            runs++;
            return source.Value;
        });
        Assert.That(runs, Is.EqualTo(1));

        source.Value = 2;
        source.Value = 3;
        Assert.That(runs, Is.EqualTo(1));
        Assert.That((property.Value, runs), Is.EqualTo((3, 2)));
    }

    [Test]
    public void P12_slots_and_readers_follow_binding_and_unbinding()
    {
        var source = new Property<int>(1);
        var property = new Property<int>(0);
        Computed<int> next = Computed.Of(() => property.Value + 1);
        var told = new List<int>();
        property.Connect(told.Add);
        next.Connect(told.Add);

        property.Bind(() => source.Value * 10);
        source.Value = 2;
        property.Unbind();
        source.Value = 3;
        property.Value = 5;

        Assert.That(told, Is.EqualTo((int[])[10, 11, 20, 21, 5, 6]));
    }

    [Test]
    public void P12_unbind_keeps_what_a_read_would_give()
    {
        var source = new Property<int>(1);
        var property = new Property<int>(0);
        property.Bind(() => 10 / source.Value);
        source.Value = 2;
        property.Unbind();
        Assert.That(property.Value, Is.EqualTo(5));

        property.Bind(() => 10 / source.Value);
        source.Value = 0;
        Assert.That(() => property.Value, Throws.TypeOf<DivideByZeroException>());
        property.Unbind();
        Assert.That(property.Value, Is.EqualTo(5));
    }

    [Test]
    public void P12_binding_again_replaces_and_a_throwing_computation_leaves_it_unbound()
    {
        var source = new Property<int>(4);
        var property = new Property<int>(0);
        var told = new List<int>();
        property.Connect(told.Add);
        property.Bind(() => source.Value);
        property.Bind(() => source.Value * 2);
        Assert.That(property.Value, Is.EqualTo(8));

        Assert.That(() => property.Bind(() => throw new FormatException()), Throws.TypeOf<FormatException>());
        Assert.That((property.IsBound, property.Value), Is.EqualTo((false, 8)));
        source.Value = 5;

        Assert.That(property.Value, Is.EqualTo(8));
        Assert.That(told, Is.EqualTo((int[])[4, 8]));
        Assert.That(source.Extras!.DependentCount, Is.Zero);
    }

    [Test]
    public void P12_binding_in_a_batch_is_told_at_its_end()
    {
        var source = new Property<int>(1);
        var property = new Property<int>(0);
        var told = new List<int>();
        property.Connect(told.Add);

        using (Property.Batch())
        {
            property.Bind(() => source.Value);
            source.Value = 2;
            Assert.That(told, Is.Empty);
        }

        Assert.That(told, Is.EqualTo((int[])[2]));
    }

    [Test]
    public void P11_a_deferred_binding_computes_only_when_the_evaluator_evaluates()
    {
        using var evaluator = new ConnectionEvaluator();
        var source = new Property<int>(1);
        var property = new Property<int>(0);
        int runs = 0;
        var told = new List<int>();
        property.Connect(told.Add);
        property.Bind(
            evaluator,
            () =>
            {
                runs++;
                return source.Value;
            }
        );

        Assert.That((property.IsBound, property.Value, runs), Is.EqualTo((true, 0, 0)));
        Assert.That(() => property.Value = 3, Throws.InvalidOperationException);
        evaluator.EvaluateDeferredConnections();
        Assert.That((property.Value, runs), Is.EqualTo((1, 1)));
        source.Value = 2;
        source.Value = 3;
        Assert.That(property.Value, Is.EqualTo(1));
        evaluator.EvaluateDeferredConnections();
        Assert.That((property.Value, runs), Is.EqualTo((3, 2)));
        evaluator.EvaluateDeferredConnections();
        property.Unbind();
        source.Value = 4;
        evaluator.EvaluateDeferredConnections();
        Assert.That((property.IsBound, property.Value, runs), Is.EqualTo((false, 3, 2)));
        Assert.That(told, Is.EqualTo((int[])[1, 3]));
    }

    [Test]
    public void P11_a_deferred_effect_runs_at_most_once_a_round()
    {
        using var evaluator = new ConnectionEvaluator();
        var source = new Property<int>(1);
        var read = new List<int>();
        Effect.Run(
            evaluator,
            () =>
            {
                read.Add(source.Value);
                if (source.Value < 3)
                {
                    source.Value++;
                }
            }
        );

        Assert.That(read, Is.Empty);
        evaluator.EvaluateDeferredConnections();
        Assert.That(read, Is.EqualTo((int[])[1]));
        evaluator.EvaluateDeferredConnections();
        evaluator.EvaluateDeferredConnections();
        evaluator.EvaluateDeferredConnections();
        Assert.That(read, Is.EqualTo((int[])[1, 2, 3]));
    }

    [Test]
    public void P11_exceptions_go_to_the_evaluator()
    {
        using var evaluator = new ConnectionEvaluator();
        var source = new Property<int>(0);
        var property = new Property<int>(7);
        property.Bind(evaluator, () => 10 / source.Value);
        Effect.Run(evaluator, () => _ = 10 / source.Value);

        Assert.That(() => evaluator.EvaluateDeferredConnections(), Throws.TypeOf<AggregateException>());
        Assert.That(() => source.Value = 2, Throws.Nothing);
        evaluator.EvaluateDeferredConnections();
        Assert.That(property.Value, Is.EqualTo(5));
    }

    [Test]
    public void P11_disposing_the_evaluator_unbinds_and_ends_effects()
    {
        var evaluator = new ConnectionEvaluator();
        var source = new Property<int>(1);
        var property = new Property<int>(0);
        int runs = 0;
        property.Bind(evaluator, () => source.Value);
        Effect.Run(evaluator, () => runs += source.Value);
        evaluator.EvaluateDeferredConnections();

        evaluator.Dispose();
        source.Value = 2;

        Assert.That((property.IsBound, property.Value, runs), Is.EqualTo((false, 1, 1)));
        Assert.That(source.Extras!.DependentCount, Is.Zero);
        property.Value = 9;
        Assert.That(() => property.Bind(evaluator, () => source.Value), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => Effect.Run(evaluator, () => { }), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(property.IsBound, Is.False);
    }
}
