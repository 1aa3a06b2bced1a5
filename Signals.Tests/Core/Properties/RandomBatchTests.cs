using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

/// <summary>
/// Random programs with reads inside batches, undone batches, computations that throw, effects that write, and connections with the current value. Only
/// values are compared.
/// </summary>
public class RandomBatchTests
{
    [Test]
    public void P1_P7_P9_P13_every_value_is_right_whatever_is_read_in_batches([Range(1, Seeds.Count)] int seed)
    {
        var random = new Random(seed);
        int sourceCount = random.Next(1, 5);
        int count = random.Next(1, 15);
        Property<int>[] sources = [.. Enumerable.Range(0, sourceCount).Select(i => new Property<int>(i))];
        Formula[] formulas = [.. Enumerable.Range(0, count).Select(i => Formula.Random(random, sourceCount + i))];
        var nodes = new IReadOnlyProperty<int>[sourceCount + count];
        Array.Copy(sources, nodes, sourceCount);
        for (int i = 0; i < count; i++)
        {
            Formula formula = formulas[i];
            Func<int> compute = () => Thrower(formula.Compute(node => nodes[node].Value));
            if (random.Next(4) == 0)
            {
                var bound = new Property<int>(0);
                try
                {
                    bound.Bind(compute);
                    nodes[sourceCount + i] = bound;
                    continue;
                }
                catch (FormatException) { }
            }

            nodes[sourceCount + i] = Computed.Of(compute);
        }

        int? Expected(int node)
        {
            try
            {
                return node < sourceCount
                    ? sources[node].Peek()
                    : Thrower(formulas[node - sourceCount].Compute(read => Expected(read) ?? throw new FormatException()));
            }
            catch (FormatException)
            {
                return null;
            }
        }

        int? Actual(int node)
        {
            try
            {
                return nodes[node].Value;
            }
            catch (FormatException)
            {
                return null;
            }
        }

        var slots = new List<(ConnectionHandle Handle, int Node, int?[] Last, bool IsPlain)>();
        var effects = new List<(Effect Effect, int Node, int?[] Last)>();
        void Act(bool isInBatch)
        {
            int node = random.Next(nodes.Length);
            switch (random.Next(8))
            {
                case 0 or 1:
                    Assert.That(Actual(node), Is.EqualTo(Expected(node)));
                    break;
                case 2:
                    var last = new int?[1];
                    try
                    {
                        slots.Add((nodes[node].ConnectWithCurrent(value => last[0] = value), node, last, false));
                        Assert.That(last[0], Is.EqualTo(Expected(node)));
                    }
                    catch (FormatException)
                    {
                        Assert.That(Expected(node), Is.Null);
                    }

                    break;
                case 3 when slots.Count > 0:
                    int index = random.Next(slots.Count);
                    slots[index].Handle.Disconnect();
                    slots.RemoveAt(index);
                    break;
                case 4:
                    var read = new int?[1];
                    effects.Add((Effect.Run(() => read[0] = Actual(node)), node, read));
                    break;
                case 5 when effects.Count > 0:
                    effects[0].Effect.Dispose();
                    effects.RemoveAt(0);
                    break;
                default:
                    sources[random.Next(sourceCount)].Value = random.Next(isInBatch ? 3 : 6);
                    break;
            }
        }

        for (int step = 0; step < 100; step++)
        {
            if (random.Next(3) == 0)
            {
                using (Property.Batch())
                {
                    for (int i = random.Next(8); i >= 0; i--)
                    {
                        Act(isInBatch: true);
                    }
                }
            }
            else
            {
                Act(isInBatch: false);
            }

            foreach ((_, int node, int?[] last, _) in slots)
            {
                if (Expected(node) is { } expected)
                {
                    Assert.That(last[0], Is.EqualTo(expected), "the last that a slot sees");
                }
            }

            foreach ((_, int node, int?[] last) in effects)
            {
                Assert.That(last[0], Is.EqualTo(Expected(node)), "the last that an effect sees");
            }
        }
    }

    private static int Thrower(int value) => value % 7 == 5 ? throw new FormatException() : value;
}
