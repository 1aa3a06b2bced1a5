using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class EqualityTests
{
    [Test]
    public void P1_setting_an_equal_value_signals_nothing()
    {
        var property = new Property<string>("a", StringComparer.OrdinalIgnoreCase);
        var told = new List<string>();
        property.Connect(told.Add);

        property.Value = "A";
        property.Value = "b";
        property.Value = "B";

        Assert.That(told, Is.EqualTo((string[])["b"]));
        Assert.That(property.Value, Is.EqualTo("b"));
    }

    [Test]
    public void P1_an_equal_result_computes_nothing_that_depends_on_it()
    {
        var source = new Property<int>(1);
        int runs = 0;
        Computed<bool> isOdd = Computed.Of(() => source.Value % 2 != 0);
        Computed<string> text = Computed.Of(() =>
        {
            runs++;
            return isOdd.Value ? "odd" : "even";
        });
        var told = new List<string>();
        text.Connect(told.Add);

        source.Value = 3;
        source.Value = 4;
        source.Value = 6;

        Assert.That(runs, Is.EqualTo(2));
        Assert.That(told, Is.EqualTo((string[])["even"]));
    }

    [Test]
    public void P1_a_batch_that_is_undone_signals_nobody_and_computes_nothing()
    {
        var source = new Property<int>(1);
        int runs = 0;
        int effects = 0;
        Computed<int> twice = Computed.Of(() =>
        {
            runs++;
            return source.Value * 2;
        });
        var told = new List<int>();
        source.Connect(told.Add);
        twice.Connect(told.Add);
        using Effect effect = Effect.Run(() => effects += twice.Value == 0 ? 2 : 1);

        using (Property.Batch())
        {
            source.Value = 2;
            source.Value = 1;
        }

        Assert.That((runs, effects, told.Count), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public void P1_an_undone_batch_computes_nothing_that_was_not_read_inside([Values] bool isObserved)
    {
        var source = new Property<int>(1);
        int runsOfRead = 0;
        int runsOfOther = 0;
        int runsOfReader = 0;
        Computed<int> read = Computed.Of(() =>
        {
            runsOfRead++;
            return source.Value * 2;
        });
        Computed<int> other = Computed.Of(() =>
        {
            runsOfOther++;
            return source.Value * 3;
        });
        Computed<int> reader = Computed.Of(() =>
        {
            runsOfReader++;
            return read.Value + 1;
        });
        var told = new List<int>();
        if (isObserved)
        {
            reader.Connect(told.Add);
            other.Connect(told.Add);
        }

        Assert.That((reader.Value, other.Value), Is.EqualTo((3, 3)));
        using (Property.Batch())
        {
            source.Value = 2;
            Assert.That(read.Value, Is.EqualTo(4));
            source.Value = 1;
        }

        Assert.That((read.Value, reader.Value, other.Value), Is.EqualTo((2, 3, 3)));
        Assert.That((runsOfRead, runsOfReader, runsOfOther), Is.EqualTo((3, 1, 1)));
        Assert.That(told, Is.Empty);

        source.Value = 5;
        Assert.That((read.Value, reader.Value, other.Value), Is.EqualTo((10, 11, 15)));
        Assert.That(told, Is.EquivalentTo(isObserved ? ((int[])[11, 15]) : []));
    }

    [Test]
    public void P1_what_was_read_in_an_undone_batch_keeps_its_true_dependencies()
    {
        var useFirst = new Property<bool>(true);
        var first = new Property<int>(1);
        var second = new Property<int>(2);
        Computed<int> chosen = Computed.Of(() => useFirst.Value ? first.Value : second.Value);
        var told = new List<int>();
        chosen.Connect(told.Add);

        using (Property.Batch())
        {
            useFirst.Value = false;
            Assert.That(chosen.Value, Is.EqualTo(2));
            useFirst.Value = true;
        }

        first.Value = 10;

        Assert.That(told, Is.EqualTo((int[])[10]));
        Assert.That(chosen.Value, Is.EqualTo(10));
    }

    [Test]
    public void P1_a_slot_that_was_given_the_value_in_between_is_told_that_it_is_undone()
    {
        var source = new Property<int>(1);
        Computed<int> twice = Computed.Of(() => source.Value * 2);
        var others = new List<int>();
        var given = new List<int>();
        source.Connect(others.Add);
        twice.Connect(others.Add);

        using (Property.Batch())
        {
            source.Value = 2;
            source.ConnectWithCurrent(given.Add);
            twice.ConnectWithCurrent(given.Add);
            source.Value = 1;
        }

        Assert.That(others, Is.Empty);
        Assert.That(given, Is.EqualTo((int[])[2, 4, 1, 2]));
    }

    [Test]
    public void P1_an_effect_that_has_read_the_value_in_between_runs_again()
    {
        var source = new Property<int>(1);
        var read = new List<int>();

        using (Property.Batch())
        {
            source.Value = 2;
            Effect.Run(() => read.Add(source.Value));
            source.Value = 1;
        }

        Assert.That(read, Is.EqualTo((int[])[2, 1]));
    }

    [Test]
    public void P1_a_comparer_that_throws_prevents_the_change()
    {
        var property = new Property<int>(1, EqualityComparer<int>.Create((_, right) => right == 3 ? throw new FormatException() : false));
        var told = new List<int>();
        property.Connect(told.Add);

        Assert.That(() => property.Value = 3, Throws.TypeOf<FormatException>());
        Assert.That(property.Value, Is.EqualTo(1));
        property.Value = 2;
        Assert.That(told, Is.EqualTo((int[])[2]));
    }
}
