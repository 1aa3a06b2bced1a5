using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class ErrorTests
{
    [Test]
    public void P9_what_a_computation_throws_is_kept_until_a_dependency_changes()
    {
        var source = new Property<int>(0);
        int runs = 0;
        Computed<int> quotient = Computed.Of(() =>
        {
            runs++;
            return 100 / source.Value;
        });

        Exception? first = Assert.Throws<DivideByZeroException>(() => _ = quotient.Value);
        Exception? second = Assert.Throws<DivideByZeroException>(() => _ = quotient.Peek());
        Assert.That((runs, second), Is.EqualTo((1, first)));
        source.Value = 5;
        Assert.That(quotient.Value, Is.EqualTo(20));
    }

    [Test]
    public void P9_nobody_is_told_meanwhile_and_then_what_differs_from_the_last_told()
    {
        var source = new Property<int>(1);
        Computed<int> quotient = Computed.Of(() => 100 / source.Value);
        var told = new List<int>();
        quotient.Connect(told.Add);

        Assert.That(() => source.Value = 0, Throws.Nothing);
        source.Value = 1;
        Assert.That(told, Is.Empty);
        source.Value = 0;
        source.Value = 2;
        Assert.That(told, Is.EqualTo((int[])[50]));
    }

    [Test]
    public void P9_effects_that_read_it_meet_the_exception()
    {
        var source = new Property<int>(1);
        Computed<int> quotient = Computed.Of(() => 100 / source.Value);
        var read = new List<int>();
        using Effect effect = Effect.Run(() =>
        {
            read.Add(-source.Value);
            read.Add(quotient.Value);
        });

        Assert.That(() => source.Value = 0, Throws.TypeOf<DivideByZeroException>());
        source.Value = 4;

        Assert.That(read, Is.EqualTo((int[])[-1, 100, 0, -4, 25]));
    }

    [Test]
    public void P9_connecting_with_current_to_one_that_throws_connects_nothing()
    {
        var source = new Property<int>(0);
        Computed<int> quotient = Computed.Of(() => 100 / source.Value);
        int told = 0;

        Assert.That(() => quotient.ConnectWithCurrent(_ => told++), Throws.TypeOf<DivideByZeroException>());
        source.Value = 1;
        Assert.That(told, Is.Zero);
        Assert.That(() => quotient.ConnectWithCurrent(_ => throw new FormatException()), Throws.TypeOf<FormatException>());
        Assert.That(() => source.Value = 2, Throws.Nothing);
        Assert.That(source.Extras!.DependentCount, Is.Zero);
        quotient.Connect(_ => told++);
        source.Value = 0;
        source.Value = 5;
        Assert.That(told, Is.EqualTo(1));
    }

    [Test]
    public void P9_an_effect_whose_first_run_throws_is_none_and_a_later_run_leaves_it_standing()
    {
        var source = new Property<int>(0);
        int runs = 0;
        Assert.That(() => Effect.Run(() => runs += 100 / source.Value), Throws.TypeOf<DivideByZeroException>());
        source.Value = 1;
        Assert.That(runs, Is.Zero);

        using Effect effect = Effect.Run(() => runs += 100 / source.Value);
        Assert.That(() => source.Value = 0, Throws.TypeOf<DivideByZeroException>());
        source.Value = 50;
        Assert.That(runs, Is.EqualTo(102));
    }

    [Test]
    public void P9_exceptions_of_slots_and_effects_are_thrown_together_in_order()
    {
        var source = new Property<int>(0);
        var log = new List<string>();
        source.Connect(_ => throw new FormatException("slot 1"));
        source.Connect(_ => throw new AggregateException("slot 2"));
        bool isFailing = false;
        using Effect effect = Effect.Run(() => _ = source.Value > 0 && isFailing ? throw new InvalidCastException("effect") : 0);
        source.Connect(_ => log.Add("slot 3"));
        isFailing = true;

        AggregateException? thrown = Assert.Throws<AggregateException>(() => source.Value = 1);

        Assert.That(thrown!.InnerExceptions.Select(exception => exception.Message), Is.EqualTo((string[])["slot 1", "slot 2", "effect"]));
        Assert.That(log, Is.EqualTo((string[])["slot 3"]));
    }

    [Test]
    public void P9_an_exception_of_one_slot_is_thrown_as_it_was_thrown()
    {
        var source = new Property<int>(0);
        var exception = new AggregateException("one", new FormatException());
        source.Connect(_ => throw exception);

        Assert.That(Assert.Throws<AggregateException>(() => source.Value = 1), Is.SameAs(exception));
        Assert.That(source.Value, Is.EqualTo(1));
    }
}
