using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class CostTests
{
    [Test]
    public void P10_setting_allocates_nothing([Values(0, 1, 2)] int slots)
    {
        var property = new Property<int>(0);
        for (int i = 0; i < slots; i++)
        {
            property.Connect(static _ => { });
        }

        int value = 0;
        void Set() => property.Value = ++value;
        Set();

        Assert.That(Allocations.Of(1000, Set), Is.Zero);
    }

    [Test]
    public void P4_updating_a_diamond_allocates_nothing()
    {
        var source = new Property<int>(0);
        Computed<int>[] middle = [.. Enumerable.Range(0, 1000).Select(i => Computed.Of(() => source.Value + i))];
        Computed<int> end = Computed.Of(() =>
        {
            int sum = 0;
            foreach (Computed<int> node in middle)
            {
                sum += node.Value;
            }

            return sum;
        });
        int told = 0;
        end.Connect(_ => told++);
        int effects = 0;
        using Effect effect = Effect.Run(() => effects += end.Value & 1);
        int value = 0;
        void Set() => source.Value = ++value;
        Set();
        Set();

        Assert.That(Allocations.Of(10, Set), Is.Zero);
        Assert.That(told, Is.EqualTo(12));
    }

    [Test]
    public void P7_a_batch_allocates_nothing()
    {
        var property = new Property<int>(0);
        property.Connect(static _ => { });
        int value = 0;
        void Set()
        {
            using (Property.Batch())
            {
                property.Value = ++value;
            }
        }

        Set();
        Assert.That(Allocations.Of(100, Set), Is.Zero);
    }

    [Test]
    public void P6_properties_are_small()
    {
        const int Count = 1000;
        var numbers = new Property<int>[Count];
        var texts = new Property<string>[Count];
        var computed = new Computed<int>[Count];
        Func<int> compute = () => numbers[0].Value + numbers[1].Value;
        _ = Allocations.Of(1, () => numbers[0] = new Property<int>(1));
        long number = Allocations.Of(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                numbers[i] = new Property<int>(i);
            }
        });
        long text = Allocations.Of(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                texts[i] = new Property<string>("");
            }
        });
        _ = Computed.Of(compute).Value;
        long two = Allocations.Of(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                computed[i] = Computed.Of(compute);
                _ = computed[i].Value;
            }
        });

        Assert.That(Math.Max(number, text) / Count, Is.LessThanOrEqualTo(56));
        Assert.That(two / Count, Is.LessThanOrEqualTo(160));
    }

    [Test]
    public void P6_no_memory_is_left_after_a_large_graph_has_been_dropped([Values] bool isWide)
    {
        var source = new Property<int>(0);
        void Use()
        {
            var handles = new List<ConnectionHandle>();
            IReadOnlyProperty<int> last = source;
            for (int i = 0; i < 100_000; i++)
            {
                IReadOnlyProperty<int> before = isWide ? source : last;
                last = Computed.Of(() => before.Value + 1);
                _ = last.Value;
                if (isWide)
                {
                    handles.Add(last.Connect(static _ => { }));
                }
            }

            handles.Add(last.Connect(static _ => { }));
            source.Value++;
            handles.ForEach(handle => handle.Disconnect());
        }

        Assert.That(Garbage.LeftBehindBy(Use), Is.LessThan(20_000));
        Assert.That(source.Extras!.DependentCount, Is.Zero);
    }
}
