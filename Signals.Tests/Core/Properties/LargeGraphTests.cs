using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

/// <summary>Chains and fans of 100,000 properties. Mutation testing leaves them out.</summary>
public class LargeGraphTests
{
    [Test]
    public void P8_a_chain_whose_computations_have_run_is_updated_without_recursion([Values] bool isObserved)
    {
        const int Length = 100_000;
        var source = new Property<int>(0);
        int runs = 0;
        IReadOnlyProperty<int> last = source;
        for (int i = 0; i < Length; i++)
        {
            IReadOnlyProperty<int> before = last;
            last = Computed.Of(() =>
            {
                runs++;
                return before.Value + 1;
            });
            _ = last.Value;
        }

        int told = 0;
        if (isObserved)
        {
            last.Connect(value => told = value);
        }

        runs = 0;
        source.Value = 1;

        Assert.That(last.Value, Is.EqualTo(Length + 1));
        Assert.That((runs, told), Is.EqualTo((Length, isObserved ? Length + 1 : 0)));
    }

    [Test]
    public void P8_the_first_run_of_a_long_chain_ends_with_an_exception_that_is_not_kept()
    {
        const int Length = 100_000;
        var source = new Property<int>(0);
        var chain = new List<IReadOnlyProperty<int>> { source };
        for (int i = 0; i < Length; i++)
        {
            IReadOnlyProperty<int> before = chain[^1];
            chain.Add(Computed.Of(() => before.Value + 1));
        }

        Assert.That(() => chain[^1].Value, Throws.TypeOf<InsufficientExecutionStackException>());
        foreach (IReadOnlyProperty<int> property in chain)
        {
            _ = property.Value;
        }

        Assert.That(chain[^1].Value, Is.EqualTo(Length));
        source.Value = 1;
        Assert.That(chain[^1].Value, Is.EqualTo(Length + 1));
    }

    [Test]
    public void P8_a_wide_graph_is_updated_in_linear_time()
    {
        const int Width = 100_000;
        var source = new Property<int>(0);
        int told = 0;
        for (int i = 0; i < Width; i++)
        {
            Computed.Of(() => source.Value + 1).Connect(_ => told++);
        }

        source.Value = 1;

        Assert.That(told, Is.EqualTo(Width));
    }
}
