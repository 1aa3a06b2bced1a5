using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace Signals.Tests.Core.Properties;

/// <summary>Invalid arguments, and the texts that describe properties.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PropertyInputTests : IDisposable
{
    private readonly Property<int> _property = new(1);

    public void Dispose() => _property.Dispose();

    [Test]
    public void P5_missing_functions_are_refused_by_name()
    {
        Assert.That(() => Property.Untracked((Func<int>)null!), ThrowsFor("read"));
        Assert.That(() => Property.Untracked(null!), ThrowsFor("run"));
        Assert.That(() => Effect.Run(null!), ThrowsFor("run"));
        Assert.That(() => Computed.Of<int>(null!), ThrowsFor("compute"));
    }

    [Test]
    public void P11_missing_evaluators_and_functions_are_refused_by_name()
    {
        using var evaluator = new ConnectionEvaluator();
        Assert.That(() => Effect.Run(null!, () => { }), ThrowsFor("evaluator"));
        Assert.That(() => Effect.Run(evaluator, null!), ThrowsFor("run"));
        Assert.That(() => _property.Bind(null!, () => 1), ThrowsFor("evaluator"));
        Assert.That(() => _property.Bind(evaluator, null!), ThrowsFor("compute"));
        Assert.That(() => _property.Bind(null!), ThrowsFor("compute"));
        Assert.That(_property.IsBound, Is.False);
    }

    [Test]
    public void P13_missing_slots_are_refused_by_name()
    {
        Assert.That(() => _property.ConnectWithCurrent(null!), ThrowsFor("slot"));
        Assert.That(() => _property.Connect((ISlot<int>)null!), ThrowsFor("slot"));
        Assert.That(_property.Extras, Is.Null);
    }

    [Test]
    public void P14_missing_arguments_are_refused_by_name()
    {
        using var evaluator = new ConnectionEvaluator();
        using var list = new SignalList<int>();
        Assert.That(() => PropertyExtensions.NotifyOn<int>(null!, evaluator), ThrowsFor("property"));
        Assert.That(() => _property.NotifyOn(null!), ThrowsFor("evaluator"));
        Assert.That(() => PropertyExtensions.ToProperty<SignalList<int>, int>(null!, items => items.Count), ThrowsFor("source"));
        Assert.That(() => list.ToProperty<SignalList<int>, int>(null!), ThrowsFor("get"));
    }

    [Test]
    public void P15_a_missing_observer_is_refused_by_name() => Assert.That(() => _property.AsObservable().Subscribe(null!), ThrowsFor("observer"));

    [Test]
    public void P9_a_text_has_the_type_and_the_value_or_the_failure()
    {
        Computed<int> quotient = Computed.Of(() => 100 / _property.Value);
        Assert.That(quotient.ToString(), Is.EqualTo("Computed<Int32> (0)"), "computes nothing");
        Assert.That(quotient.Value, Is.EqualTo(100));
        Assert.That((_property.ToString(), quotient.ToString()), Is.EqualTo(("Property<Int32> (1)", "Computed<Int32> (100)")));
        _property.Value = 0;
        Assert.That(() => quotient.Value, Throws.TypeOf<DivideByZeroException>());
        Assert.That(quotient.ToString(), Is.EqualTo("Computed<Int32> (DivideByZeroException)"));
    }

    [Test]
    public void P8_a_refused_write_names_the_property_and_its_binding()
    {
        using var evaluator = new ConnectionEvaluator();
        var bound = new Property<int>(0);
        var deferred = new Property<int>(0);
        using var list = new SignalList<int>();
        bound.Bind(() => _property.Value + 1);
        deferred.Bind(evaluator, () => _property.Value + 2);

        Refuses(() => bound.Value = 1, "Property<Int32> bound to () => _property.Value + 1 cannot be set because it is bound. Call Unbind first.");
        Refuses(() => deferred.Value = 1, "Property<Int32> bound to () => _property.Value + 2 cannot be set because it is bound.");
        bound.Unbind();
        Refuses(
            () => _ = Computed.Of(() => bound.Value = 5).Value,
            "Property<Int32> cannot be written inside a computation: Computed<Int32> () => bound.Value = 5 -> Property<Int32>. Use an Effect, or compute the value."
        );
        Refuses(() => _ = Computed.Of(() => Add(list)).Value, "SignalList<Int32> cannot be written inside a computation: ");

        static bool Add(SignalList<int> list)
        {
            list.Add(1);
            return true;
        }
    }

    [Test]
    public void P8_changes_of_a_binding_inside_a_computation_throw()
    {
        _property.Bind(() => 2);
        Computed<int> unbinds = Computed.Of(() =>
        {
            _property.Unbind();
            return 1;
        });
        Computed<int> binds = Computed.Of(() =>
        {
            _property.Bind(() => 3);
            return 1;
        });

        Assert.That(() => unbinds.Value, Throws.TypeOf<PropertyCycleException>());
        Assert.That(() => binds.Value, Throws.TypeOf<PropertyCycleException>());
        Assert.That((_property.IsBound, _property.Value), Is.EqualTo((true, 2)));
    }

    [Test]
    public void P16_messages_of_ended_properties_say_what_is_left()
    {
        Computed<int> neverRun = Computed.Of(() => 1);
        neverRun.Dispose();
        _property.Dispose();

        Assert.That(
            () => _property.Value = 2,
            Throws
                .TypeOf<ObjectDisposedException>()
                .With.Message.Contains("This Property<Int32> has been disposed: it can be read, but not set, bound or connected to.")
        );
        Assert.That(
            () => neverRun.Value,
            Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("Computed<Int32> () => 1 was disposed before it was computed: it has no value.")
        );
    }

    private static EqualStringConstraint ThrowsFor(string parameter) =>
        Throws.ArgumentNullException.With.Property(nameof(ArgumentException.ParamName)).EqualTo(parameter);

    private static void Refuses(Action write, string message) =>
        Assert.That(Assert.Catch<InvalidOperationException>(() => write())!.Message, Does.StartWith(message));
}
