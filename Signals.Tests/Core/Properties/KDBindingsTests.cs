using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

/// <summary>The test cases of the bindings of KDBindings, retold.</summary>
public class KDBindingsTests
{
    [Test]
    public void P12_a_binding_is_evaluated_when_it_is_made_and_when_its_property_changes()
    {
        var property = new Property<int>(2);
        var bound = new Property<int>(0);
        bound.Bind(() => property.Value);
        Assert.That(bound.Value, Is.EqualTo(2));
        property.Value = 9;
        Assert.That(bound.Value, Is.EqualTo(9));
    }

    [Test]
    public void P12_an_expression_of_several_properties_follows_each()
    {
        var a = new Property<int>(2);
        var b = new Property<int>(3);
        var c = new Property<float>(1.5f);
        var bound = new Property<float>(0);
        bound.Bind(() => (a.Value + b.Value) * c.Value);
        int called = 0;
        bound.Connect(_ => called++);

        Assert.That(bound.Value, Is.EqualTo(7.5f));
        a.Value = 1;
        b.Value = 1;
        c.Value = 2;
        Assert.That((bound.Value, called), Is.EqualTo((4f, 3)));
    }

    [Test]
    public void P12_bindings_can_be_chained()
    {
        var width = new Property<int>(2);
        var height = new Property<int>(3);
        var area = new Property<int>(0);
        var text = new Property<string>("");
        area.Bind(() => width.Value * height.Value);
        text.Bind(() => $"{area.Value} square metres");
        width.Value = 4;
        Assert.That(text.Value, Is.EqualTo("12 square metres"));
    }

    [Test]
    public void P12_a_binding_can_be_replaced_by_another_and_by_a_constant()
    {
        var a = new Property<int>(1);
        var b = new Property<int>(10);
        var bound = new Property<int>(0);
        bound.Bind(() => a.Value);
        bound.Bind(() => b.Value);
        a.Value = 2;
        Assert.That(bound.Value, Is.EqualTo(10));
        bound.Unbind();
        bound.Value = 5;
        b.Value = 11;
        Assert.That(bound.Value, Is.EqualTo(5));
    }

    [Test]
    public void P12_setting_a_bound_property_throws()
    {
        var source = new Property<int>(1);
        var bound = new Property<int>(0);
        bound.Bind(() => source.Value);
        Assert.That(() => bound.Value = 1, Throws.InvalidOperationException);
        Assert.That(bound.IsBound, Is.True);
    }

    [Test]
    public void P12_a_binding_outlives_the_property_that_was_moved_into_a_holder()
    {
        var holder = new { Source = new Property<int>(1) };
        var bound = new Property<int>(0);
        bound.Bind(() => holder.Source.Value + 1);
        holder.Source.Value = 41;
        Assert.That(bound.Value, Is.EqualTo(42));
    }

    [Test]
    public void P16_a_binding_keeps_the_last_value_of_a_destroyed_property()
    {
        var source = new Property<int>(1);
        var bound = new Property<int>(0);
        bound.Bind(() => source.Value + 1);
        source.Value = 2;
        source.Dispose();
        Assert.That(bound.Value, Is.EqualTo(3));
    }

    [Test]
    public void P11_bindings_of_one_evaluator_are_evaluated_together()
    {
        using var evaluator = new ConnectionEvaluator();
        var source = new Property<int>(1);
        var first = new Property<int>(0);
        var second = new Property<int>(0);
        int called = 0;
        first.Bind(evaluator, () => source.Value + 1);
        second.Bind(evaluator, () => source.Value * 10);
        second.Connect(_ => called++);
        evaluator.EvaluateDeferredConnections();
        source.Value = 5;
        source.Value = 7;
        Assert.That((first.Value, second.Value), Is.EqualTo((2, 10)));
        evaluator.EvaluateDeferredConnections();
        Assert.That((first.Value, second.Value, called), Is.EqualTo((8, 70, 2)));
    }

    [Test]
    public void P2_value_about_to_change_comes_before_value_changed()
    {
        var property = new Property<string>("old");
        var log = new List<string>();
        property.Changing.Connect((old, value) => log.Add($"{old} {value} {property.Value}"));
        property.Connect(value => log.Add($"{value} {property.Value}"));
        property.Value = "new";
        Assert.That(log, Is.EqualTo((string[])["old new old", "new new"]));
    }
}
