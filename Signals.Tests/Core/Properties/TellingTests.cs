using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class TellingTests
{
    [Test]
    public void P3_a_set_in_a_slot_is_told_when_the_running_emission_has_ended()
    {
        var property = new Property<int>(0);
        var told = new List<string>();
        property.Connect(value =>
        {
            told.Add($"a{value}");
            if (value == 1)
            {
                property.Value = 2;
                told.Add($"={property.Value}");
                property.Value = 3;
            }
        });
        property.Connect(value => told.Add($"b{value}"));

        property.Value = 1;

        Assert.That(told, Is.EqualTo((string[])["a1", "=2", "b1", "a2", "b2", "a3", "b3"]));
    }

    [Test]
    public void P3_values_become_new_then_slots_run_then_effects_in_the_order_of_their_creation()
    {
        var x = new Property<int>(0);
        var y = new Property<int>(0);
        var log = new List<string>();
        Computed<int> sum = Computed.Of(() => x.Value + y.Value);
        Computed<int> twice = Computed.Of(() => sum.Value * 2);
        using Effect first = Effect.Run(() => log.Add($"first {twice.Value}"));
        twice.Connect(value => log.Add($"twice {value}"));
        sum.Connect(value => log.Add($"sum {value}"));
        y.Connect(value => log.Add($"y {value}, twice {twice.Value}"));
        x.Connect(value => log.Add($"x {value}"));
        using Effect second = Effect.Run(() => log.Add($"second {x.Value}"));
        log.Clear();

        using (Property.Batch())
        {
            y.Value = 1;
            x.Value = 2;
            y.Value = 3;
        }

        Assert.That(log, Is.EqualTo((string[])["y 3, twice 10", "x 2", "sum 5", "twice 10", "first 10", "second 2"]));
    }

    [Test]
    public void P3_an_effect_may_set_properties_which_is_the_next_change()
    {
        var x = new Property<int>(1);
        var y = new Property<int>(0);
        var log = new List<string>();
        using Effect writer = Effect.Run(() => y.Value = x.Value * 10);
        using Effect reader = Effect.Run(() => log.Add($"{x.Value}/{y.Value}"));
        y.Connect(value => log.Add($"y {value}"));
        log.Clear();

        x.Value = 2;

        Assert.That(log, Is.EqualTo((string[])["2/20", "y 20"]));
    }

    [Test]
    public void P3_an_effect_runs_only_if_something_that_it_read_has_changed()
    {
        var trigger = new Property<int>(0);
        var written = new Property<int>(0);
        int runs = 0;
        using Effect effect = Effect.Run(() =>
        {
            runs++;
            _ = trigger.Value;
            written.Value = trigger.Value;
            _ = written.Value;
        });

        trigger.Value = 1;
        trigger.Value = 2;

        Assert.That(runs, Is.EqualTo(3));
    }

    [Test]
    public void P3_effects_that_write_what_others_read_run_once_for_each_change()
    {
        const int Count = 20;
        Property<int>[] properties = [.. Enumerable.Range(0, Count + 1).Select(_ => new Property<int>(0))];
        int runs = 0;
        Effect[] effects =
        [
            .. Enumerable
                .Range(0, Count)
                .Select(i =>
                    Effect.Run(() =>
                    {
                        runs++;
                        properties[i + 1].Value = properties[i].Value + Property.Untracked(() => properties[i + 1].Value * 0);
                    })
                ),
        ];
        runs = 0;

        properties[0].Value = 1;

        Assert.That(runs, Is.EqualTo(Count));
        Assert.That(properties[Count].Value, Is.EqualTo(1));
        Array.ForEach(effects, effect => effect.Dispose());
    }

    [Test]
    public void P3_a_computed_property_is_told_the_value_that_it_has_as_its_change_is_prepared()
    {
        var x = new Property<int>(0);
        Computed<int> twice = Computed.Of(() => x.Value * 2);
        var log = new List<string>();
        x.Connect(value =>
        {
            log.Add($"x {value}");
            if (value == 1)
            {
                x.Value = 2;
            }
        });
        twice.Connect(value => log.Add($"twice {value}"));

        x.Value = 1;

        Assert.That(log, Is.EqualTo((string[])["x 1", "twice 2", "x 2", "twice 4"]));
    }
}
