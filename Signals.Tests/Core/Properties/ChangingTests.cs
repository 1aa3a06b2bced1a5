using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class ChangingTests
{
    [Test]
    public void P2_changing_comes_before_the_value_is_stored()
    {
        var property = new Property<int>(1);
        var told = new List<string>();
        property.Changing.Connect((old, value) => told.Add($"{old}->{value} while {property.Value}"));
        property.Connect(value => told.Add($"{value}"));

        property.Value = 1;
        property.Value = 2;

        Assert.That(told, Is.EqualTo((string[])["1->2 while 1", "2"]));
    }

    [Test]
    public void P2_a_slot_that_throws_refuses_the_change()
    {
        var property = new Property<int>(1);
        property.Changing.Connect((_, value) => _ = value < 0 ? throw new ArgumentOutOfRangeException(nameof(value)) : 0);

        Assert.That(() => property.Value = -1, Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(property.Value, Is.EqualTo(1));
        property.Value = 2;
        Assert.That(property.Value, Is.EqualTo(2));
    }

    [Test]
    public void P2_changing_is_raised_again_with_the_value_that_a_slot_has_set()
    {
        var property = new Property<int>(1);
        var told = new List<(int, int)>();
        bool isFirst = true;
        property.Changing.Connect(
            (old, value) =>
            {
                told.Add((old, value));
                if (isFirst)
                {
                    isFirst = false;
                    property.Value = 7;
                }
            }
        );

        property.Value = 2;

        Assert.That(told, Is.EqualTo(((int, int)[])[(1, 2), (1, 7), (7, 2)]));
        Assert.That(property.Value, Is.EqualTo(2));
    }

    [Test]
    public void P2_changing_names_what_each_store_replaces_with_threads()
    {
        const int Sets = 2000;
        var property = new Property<int>(0);
        var last = new ThreadLocal<(int Old, int New)>();
        var replaced = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        property.Changing.Connect((old, value) => last.Value = (old, value));
        void SetAll(int first)
        {
            for (int i = 0; i < Sets; i++)
            {
                int value = first + (i * 2);
                property.Value = value;
                Assert.That(last.Value.New, Is.EqualTo(value));
                Assert.That(replaced.TryAdd(last.Value.Old, value), Is.True, "two stores replaced the same value");
            }
        }

        Worker.RunAll(() => SetAll(1), () => SetAll(2));

        int current = 0;
        int length = 0;
        while (replaced.TryGetValue(current, out int next))
        {
            current = next;
            length++;
        }

        Assert.That(length, Is.EqualTo(2 * Sets));
        Assert.That(property.Value, Is.EqualTo(current));
    }

    [Test]
    public void P2_changing_is_raised_for_every_set_in_a_batch()
    {
        var property = new Property<int>(1);
        var told = new List<(int, int)>();
        property.Changing.Connect((old, value) => told.Add((old, value)));

        using (Property.Batch())
        {
            property.Value = 2;
            property.Value = 3;
        }

        Assert.That(told, Is.EqualTo(((int, int)[])[(1, 2), (2, 3)]));
    }

    [Test]
    public void P2_a_bound_property_follows_without_changing()
    {
        var source = new Property<int>(1);
        var property = new Property<int>(0);
        int raised = 0;
        property.Changing.Connect((_, _) => raised++);
        property.Bind(() => source.Value);
        property.Connect(_ => { });

        source.Value = 2;

        Assert.That((property.Value, raised), Is.EqualTo((2, 0)));
    }

    [Test]
    public void P2_a_slot_that_disposes_the_property_prevents_the_change()
    {
        var property = new Property<int>(1);
        property.Changing.Connect((_, _) => property.Dispose());

        Assert.That(() => property.Value = 2, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(property.Value, Is.EqualTo(1));
    }

    [Test]
    public void P2_a_slot_that_binds_the_property_to_its_value_prevents_the_change()
    {
        var property = new Property<int>(1);
        property.Changing.Connect((_, _) => property.Bind(() => 1));

        Assert.That(() => property.Value = 2, Throws.InvalidOperationException);
        Assert.That(property.Value, Is.EqualTo(1));
    }
}
