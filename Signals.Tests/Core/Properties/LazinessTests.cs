using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class LazinessTests
{
    [Test]
    public void P6_an_unobserved_one_runs_when_it_is_read_and_only_after_a_change()
    {
        var source = new Property<int>(1);
        var unrelated = new Property<int>(1);
        int runs = 0;
        int innerRuns = 0;
        Computed<int> inner = Computed.Of(() =>
        {
            innerRuns++;
            return source.Value + 1;
        });
        Computed<int> outer = Computed.Of(() =>
        {
            runs++;
            return inner.Value * 2;
        });
        Assert.That(runs, Is.Zero);
        Assert.That((outer.Value, outer.Value), Is.EqualTo((4, 4)));
        Assert.That((runs, innerRuns), Is.EqualTo((1, 1)));

        unrelated.Value = 2;
        Assert.That(outer.Value, Is.EqualTo(4));
        Assert.That((runs, innerRuns), Is.EqualTo((1, 1)));

        source.Value = 2;
        Assert.That((runs, innerRuns), Is.EqualTo((1, 1)));
        Assert.That(outer.Value, Is.EqualTo(6));
        Assert.That((runs, innerRuns), Is.EqualTo((2, 2)));
    }

    [Test]
    public void P6_connecting_computes_it_and_the_last_disconnect_makes_it_lazy_again()
    {
        var source = new Property<int>(1);
        int runs = 0;
        Computed<int> twice = Computed.Of(() =>
        {
            runs++;
            return source.Value * 2;
        });

        ConnectionHandle first = twice.Connect(_ => { });
        ConnectionHandle second = twice.Connect(_ => { });
        Assert.That(runs, Is.EqualTo(1));
        source.Value = 2;
        Assert.That(runs, Is.EqualTo(2));
        first.Disconnect();
        source.Value = 3;
        Assert.That(runs, Is.EqualTo(3));
        second.Disconnect();
        source.Value = 4;

        Assert.That(runs, Is.EqualTo(3));
        Assert.That(source.Extras!.DependentCount, Is.Zero);
        Assert.That(twice.Value, Is.EqualTo(8));
    }

    [Test]
    public void P6_dropping_unobserved_ones_leaves_their_sources_as_they_were()
    {
        var source = new Property<int>(1);
        var references = new List<WeakReference>();
        static void ReadMany(Property<int> source, List<WeakReference> references)
        {
            for (int i = 0; i < 5000; i++)
            {
                Computed<int> one = Computed.Of(() => source.Value + 1);
                Computed<int> two = Computed.Of(() => one.Value + 1);
                _ = two.Value;
                references.Add(new WeakReference(two));
            }
        }

        ReadMany(source, references);
        Garbage.Collect();

        Assert.That(references.Count(reference => reference.IsAlive), Is.Zero);
        Assert.That(source.Extras, Is.Null);
    }

    [Test]
    public void P6_what_an_observed_one_or_an_effect_reads_is_kept()
    {
        var source = new Property<int>(1);
        var told = new List<int>();
        static void Observe(Property<int> source, List<int> told)
        {
            Computed<int> one = Computed.Of(() => source.Value + 1);
            Computed.Of(() => one.Value * 10).Connect(told.Add);
            Effect.Run(() => told.Add(one.Value));
        }

        Observe(source, told);
        Garbage.Collect();
        source.Value = 2;

        Assert.That(told, Is.EqualTo((int[])[2, 30, 3]));
    }

    [Test]
    public void P6_what_was_observed_is_collected_after_the_last_disconnect()
    {
        var source = new Property<int>(1);
        static WeakReference Observe(Property<int> source)
        {
            Computed<int> one = Computed.Of(() => source.Value + 1);
            Computed<int> two = Computed.Of(() => one.Value * 10);
            ConnectionHandle handle = two.Connect(_ => { });
            Effect effect = Effect.Run(() => _ = one.Value);
            source.Value++;
            handle.Disconnect();
            effect.Dispose();
            return new WeakReference(one);
        }

        WeakReference one = Observe(source);
        Garbage.Collect();

        Assert.That(one.IsAlive, Is.False);
        Assert.That(source.Extras!.DependentCount, Is.Zero);
    }
}
