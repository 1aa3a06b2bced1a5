using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

/// <summary>The shapes of the graphs that JavaScript's reactive benchmarks use, with the least possible number of runs.</summary>
public class GlitchTests
{
    private int _runs;

    [SetUp]
    public void SetUp() => _runs = 0;

    private Computed<int> Counted(Func<int> compute) =>
        Computed.Of(() =>
        {
            _runs++;
            return compute();
        });

    [Test]
    public void P4_a_diamond_is_computed_once_for_each_change()
    {
        var source = new Property<int>(1);
        Computed<int>[] sides = [.. Enumerable.Range(0, 5).Select(i => Counted(() => source.Value + i))];
        Computed<int> end = Counted(() => sides.Sum(side => side.Value));
        var told = new List<int>();
        end.Connect(told.Add);
        _runs = 0;

        source.Value = 2;
        source.Value = 3;

        Assert.That(_runs, Is.EqualTo(12));
        Assert.That(told, Is.EqualTo((int[])[20, 25]));
    }

    [Test]
    public void P4_a_triangle_is_computed_once_for_each_change()
    {
        const int Width = 10;
        var source = new Property<int>(0);
        var nodes = new List<IReadOnlyProperty<int>> { source };
        for (int i = 0; i < Width; i++)
        {
            IReadOnlyProperty<int> last = nodes[^1];
            nodes.Add(Counted(() => last.Value + 1));
        }

        Computed<int> sum = Counted(() => nodes.Sum(node => node.Value));
        int told = 0;
        sum.Connect(value => told = value);
        _runs = 0;

        source.Value = 1;

        Assert.That((_runs, told), Is.EqualTo((Width + 1, 66)));
    }

    [Test]
    public void P4_a_broad_graph_computes_each_branch_once()
    {
        var source = new Property<int>(0);
        int told = 0;
        for (int i = 0; i < 50; i++)
        {
            Computed<int> first = Counted(() => source.Value + i);
            Computed<int> second = Counted(() => first.Value + 1);
            second.Connect(_ => told++);
        }

        _runs = 0;
        source.Value = 1;

        Assert.That((_runs, told), Is.EqualTo((100, 50)));
    }

    [Test]
    public void P4_a_multiplexer_computes_only_the_selected_branch()
    {
        Property<int>[] sources = [.. Enumerable.Range(0, 100).Select(i => new Property<int>(i))];
        Computed<int[]> mux = Computed.Of(() => sources.Select(source => source.Value).ToArray());
        Computed<int>[] parts = [.. Enumerable.Range(0, 100).Select(i => Counted(() => mux.Value[i]))];
        int told = 0;
        Array.ForEach(parts, part => Counted(() => part.Value + 1).Connect(_ => told++));
        _runs = 0;

        sources[7].Value = 70;

        Assert.That((_runs, told), Is.EqualTo((101, 1)));
    }

    [Test]
    public void P4_unstable_dependencies_are_computed_as_they_are_read()
    {
        var source = new Property<int>(0);
        Computed<int> twice = Counted(() => source.Value * 2);
        Computed<int> negative = Counted(() => -source.Value);
        Computed<int> current = Counted(() =>
        {
            int result = 0;
            for (int i = 0; i < 20; i++)
            {
                result += source.Value % 2 == 0 ? twice.Value : negative.Value;
            }

            return result;
        });
        var told = new List<int>();
        current.Connect(told.Add);
        _runs = 0;

        source.Value = 1;
        source.Value = 2;

        Assert.That(told, Is.EqualTo((int[])[-20, 80]));
        Assert.That(_runs, Is.EqualTo(4));
    }

    [Test]
    public void P4_avoidable_computations_do_not_run()
    {
        var source = new Property<int>(0);
        Computed<int> first = Counted(() => source.Value);
        Computed<int> constant = Counted(() => first.Value * 0);
        Computed<int> next = Counted(() => constant.Value + 1);
        Computed<int> last = Counted(() => next.Value + 1);
        last.Connect(_ => { });
        _runs = 0;

        source.Value = 1;

        Assert.That(_runs, Is.EqualTo(2));
    }

    [Test]
    public void P4_repeated_reads_are_one_dependency()
    {
        var source = new Property<int>(1);
        Computed<int> sum = Counted(() => Enumerable.Range(0, 30).Sum(_ => source.Value));
        sum.Connect(_ => { });
        Assert.That(source.Extras!.DependentCount, Is.EqualTo(1));
        _runs = 0;

        source.Value = 2;

        Assert.That((_runs, sum.Value), Is.EqualTo((1, 60)));
    }

    [Test]
    public void P4_layers_of_cells_are_computed_once_for_each_batch()
    {
        const int Layers = 20;
        Property<int>[] start = [.. Enumerable.Range(1, 4).Select(i => new Property<int>(i))];
        IReadOnlyProperty<int>[] layer = [.. start];
        for (int i = 0; i < Layers; i++)
        {
            IReadOnlyProperty<int>[] below = layer;
            layer =
            [
                Counted(() => below[1].Value),
                Counted(() => unchecked(below[0].Value - below[2].Value)),
                Counted(() => unchecked(below[1].Value + below[3].Value)),
                Counted(() => below[2].Value),
            ];
        }

        int told = 0;
        Array.ForEach(layer, cell => cell.Connect(_ => told++));
        _runs = 0;
        using (Property.Batch())
        {
            for (int i = 0; i < 4; i++)
            {
                start[i].Value = 4 - i;
            }
        }

        Assert.That(_runs, Is.LessThanOrEqualTo(4 * Layers));
        Assert.That(told, Is.LessThanOrEqualTo(4));
        int[] expected = [4, 3, 2, 1];
        for (int i = 0; i < Layers; i++)
        {
            expected = unchecked([expected[1], expected[0] - expected[2], expected[1] + expected[3], expected[2]]);
        }

        Assert.That(layer.Select(cell => cell.Value), Is.EqualTo(expected));
    }

    [Test]
    public void P4_what_a_guard_excludes_is_not_computed([Values] bool isObserved)
    {
        var divisor = new Property<int>(2);
        Computed<bool> isZero = Computed.Of(() => divisor.Value == 0);
        Computed<int> quotient = Counted(() => 100 / divisor.Value);
        Computed<int> guarded = Computed.Of(() => isZero.Value ? 0 : quotient.Value);
        if (isObserved)
        {
            guarded.Connect(_ => { });
        }

        Assert.That(guarded.Value, Is.EqualTo(50));
        _runs = 0;

        divisor.Value = 0;

        Assert.That((guarded.Value, _runs), Is.EqualTo((0, 0)));
        divisor.Value = 4;
        Assert.That((guarded.Value, _runs), Is.EqualTo((25, 1)));
    }

    [Test]
    public void P4_an_effect_looks_at_what_it_read_only_until_the_first_that_has_changed()
    {
        var divisor = new Property<int>(2);
        Computed<bool> isZero = Computed.Of(() => divisor.Value == 0);
        Computed<int> quotient = Counted(() => 100 / divisor.Value);
        var read = new List<int>();
        using Effect effect = Effect.Run(() => read.Add(isZero.Value ? 0 : quotient.Value));
        _runs = 0;

        divisor.Value = 0;

        Assert.That(read, Is.EqualTo((int[])[50, 0]));
        Assert.That(_runs, Is.Zero);
    }
}
