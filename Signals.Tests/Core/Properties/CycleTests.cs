using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class CycleTests
{
    [Test]
    public void P8_a_computed_property_that_needs_itself_throws_and_names_the_chain()
    {
        Computed<int>? second = null;
        Computed<int> first = Computed.Of(() => second!.Value + 1);
        second = Computed.Of(() => first.Value + 2);

        PropertyCycleException? thrown = Assert.Throws<PropertyCycleException>(() => _ = first.Value);

        Assert.That(
            thrown!.Message,
            Does.Contain("Computed<Int32> () => second!.Value + 1 -> Computed<Int32> () => first.Value + 2 -> Computed<Int32> () => second!.Value + 1")
        );
        Assert.That(Assert.Throws<PropertyCycleException>(() => _ = first.Value), Is.SameAs(thrown));
    }

    [Test]
    public void P8_a_cycle_that_is_broken_recovers([Values] bool isObserved, [Values] bool readSecond)
    {
        var isCyclic = new Property<bool>(true);
        var unrelated = new Property<int>(0);
        Computed<int>? second = null;
        Computed<int> first = Computed.Of(() => isCyclic.Value ? second!.Value + 1 : 1);
        second = Computed.Of(() => first.Value + 10);
        if (isObserved)
        {
            second.Connect(_ => { });
        }

        Exception? kept = Assert.Throws<PropertyCycleException>(() => _ = first.Value);
        unrelated.Value = 1;
        Assert.That(Assert.Throws<PropertyCycleException>(() => _ = (readSecond ? second : first).Value), Is.SameAs(kept));
        unrelated.Value = 2;
        Assert.That(Assert.Throws<PropertyCycleException>(() => _ = (readSecond ? first : second).Value), Is.SameAs(kept));

        isCyclic.Value = false;
        Assert.That((readSecond ? second : first).Value, Is.EqualTo(readSecond ? 11 : 1));
        Assert.That((first.Value, second.Value), Is.EqualTo((1, 11)));

        isCyclic.Value = true;
        Assert.That(() => (readSecond ? first : second).Value, Throws.TypeOf<PropertyCycleException>());
        Assert.That(() => (readSecond ? second : first).Value, Throws.TypeOf<PropertyCycleException>());

        isCyclic.Value = false;
        Assert.That((second.Value, first.Value), Is.EqualTo((11, 1)));
    }

    [Test]
    public void P8_a_property_that_reads_itself_recovers()
    {
        var isCyclic = new Property<bool>(true);
        Computed<int>? self = null;
        self = Computed.Of(() => isCyclic.Value ? self!.Value + 1 : 1);

        Exception? kept = Assert.Throws<PropertyCycleException>(() => _ = self.Value);
        Assert.That(Assert.Throws<PropertyCycleException>(() => _ = self.Value), Is.SameAs(kept));
        isCyclic.Value = false;
        Assert.That(self.Value, Is.EqualTo(1));
    }

    [Test]
    public void P8_a_bound_property_that_needs_itself_stays_unbound()
    {
        var property = new Property<int>(1);

        Assert.That(() => property.Bind(() => property.Value + 1), Throws.TypeOf<PropertyCycleException>());
        Assert.That((property.IsBound, property.Value), Is.EqualTo((false, 1)));
        property.Value = 2;
        Assert.That(property.Value, Is.EqualTo(2));
    }

    [Test]
    public void P8_writing_inside_a_computation_throws()
    {
        var property = new Property<int>(1);
        Computed<int> writes = Computed.Of(() => property.Value = 2);
        Computed<int> writesEqual = Computed.Of(() => property.Value = 1);
        Computed<int> writesUntracked = Computed.Of(() => Property.Untracked(() => property.Value = 3));
        Computed<int> makes = Computed.Of(() => new Property<int>(5).Value);

        Assert.That(() => writes.Value, Throws.TypeOf<PropertyCycleException>().With.Message.Contains("property.Value = 2"));
        Assert.That(() => writesEqual.Value, Throws.TypeOf<PropertyCycleException>());
        Assert.That(() => writesUntracked.Value, Throws.TypeOf<PropertyCycleException>());
        Assert.That(makes.Value, Is.EqualTo(5));
        Assert.That(property.Value, Is.EqualTo(1));
    }

    [Test]
    public void P8_effects_that_cause_each_other_end_at_depth_100()
    {
        var property = new Property<int>(0);
        bool isLooping = false;
        int runs = 0;
        using Effect effect = Effect.Run(() =>
        {
            runs++;
            if (property.Value > 0 && isLooping)
            {
                property.Value++;
            }
        });
        isLooping = true;
        runs = 0;

        Assert.That(() => property.Value = 1, Throws.TypeOf<PropertyCycleException>());
        Assert.That((property.Value, runs), Is.EqualTo((100, 100)));

        isLooping = false;
        property.Value = 5;
        Assert.That((property.Value, runs), Is.EqualTo((5, 101)));
    }

    [Test]
    public void P8_slots_are_as_deep_as_the_change_that_they_are_told()
    {
        var property = new Property<int>(0);
        property.Connect(value =>
        {
            if (value < 1000)
            {
                property.Value = value + 1;
            }
        });

        property.Value = 1;

        Assert.That(property.Value, Is.EqualTo(1000));
    }
}
