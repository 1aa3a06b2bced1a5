using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

/// <summary>Random graphs that several threads set, read, observe and batch at the same time.</summary>
public class RandomGraphThreadTests
{
    private const int Steps = 150;

    [Test]
    public void P3_P10_random_graphs_agree_with_the_oracle_after_threads_have_used_them([Range(1, 30)] int seed)
    {
        var graph = new Graph(new Random(seed));

        Worker.RunAll(() => graph.Use(new Random(seed + 1000)), () => graph.Use(new Random(seed + 2000)), () => graph.Use(new Random(seed + 3000)));

        graph.Check();
    }

    [Test]
    public void P10_each_thread_sees_its_own_sets_told_once_and_in_order([Range(1, 10)] int seed)
    {
        const int Threads = 3;
        Property<int>[] sources = [.. Enumerable.Range(0, Threads).Select(_ => new Property<int>(0))];
        Computed<int> sum = Computed.Of(() => sources.Sum(source => source.Value));
        var told = new List<int>[Threads];
        var sums = new List<int>();
        int running = 0;
        void Told(List<int> list, int value)
        {
            Assert.That(Interlocked.Increment(ref running), Is.EqualTo(1), "slots of a scope overlap");
            list.Add(value);
            Interlocked.Decrement(ref running);
        }

        for (int i = 0; i < Threads; i++)
        {
            List<int> list = told[i] = [];
            sources[i].Connect(value => Told(list, value));
        }

        sum.Connect(value => Told(sums, value));
        var random = new Random(seed);
        int[] counts = [.. Enumerable.Range(0, Threads).Select(_ => random.Next(100, 300))];
        Worker.RunAll([
            .. Enumerable
                .Range(0, Threads)
                .Select<int, Action>(thread =>
                    () =>
                    {
                        for (int value = 1; value <= counts[thread]; value++)
                        {
                            sources[thread].Value = value;
                        }
                    }
                ),
        ]);

        Assert.That(told.Select(list => list.ToArray()), Is.EqualTo(counts.Select(count => Enumerable.Range(1, count).ToArray())));
        Assert.That(sums, Is.Ordered);
        Assert.That(sums[^1], Is.EqualTo(counts.Sum()));
    }

    private sealed class Graph
    {
        private readonly Formula[] _formulas;
        private readonly Property<int>[] _sources;
        private readonly IReadOnlyProperty<int>[] _nodes;

        internal Graph(Random random)
        {
            _sources = [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => new Property<int>(random.Next(5)))];
            _formulas = [.. Enumerable.Range(0, random.Next(3, 15)).Select(i => Formula.Random(random, _sources.Length + i))];
            _nodes = new IReadOnlyProperty<int>[_sources.Length + _formulas.Length];
            Array.Copy(_sources, _nodes, _sources.Length);
            for (int i = 0; i < _formulas.Length; i++)
            {
                Formula formula = _formulas[i];
                _nodes[_sources.Length + i] = Computed.Of(() => formula.Compute(Read));
            }
        }

        internal void Use(Random random)
        {
            var connections = new Stack<ConnectionHandle>();
            var effects = new Stack<Effect>();
            for (int step = 0; step < Steps; step++)
            {
                switch (random.Next(8))
                {
                    case 0:
                        connections.Push(_nodes[random.Next(_nodes.Length)].Connect(_ => { }));
                        break;
                    case 1 when connections.TryPop(out ConnectionHandle handle):
                        handle.Disconnect();
                        break;
                    case 2:
                        Formula formula = Formula.Random(random, _nodes.Length);
                        effects.Push(Effect.Run(() => formula.Compute(Read)));
                        break;
                    case 3 when effects.TryPop(out Effect? effect):
                        effect.Dispose();
                        break;
                    case 4:
                        using (Property.Batch())
                        {
                            Set(random);
                            _ = Read(random.Next(_nodes.Length));
                            Set(random);
                        }

                        break;
                    case 5:
                        _ = Read(random.Next(_nodes.Length));
                        break;
                    default:
                        Set(random);
                        break;
                }
            }

            // Some are left connected.
            while (connections.Count > 2)
            {
                connections.Pop().Disconnect();
            }
        }

        /// <summary>Compares all values with the oracle, and what new slots and effects are told of further changes.</summary>
        internal void Check()
        {
            int[] told = new int[_nodes.Length];
            int[] seen = new int[_nodes.Length];
            for (int i = 0; i < _nodes.Length; i++)
            {
                int node = i;
                _nodes[i].ConnectWithCurrent(value => told[node] = value);
                Effect.Run(() => seen[node] = Read(node));
            }

            for (int change = 0; change < 20; change++)
            {
                int[] expected = Expected();
                Assert.That(_nodes.Select(node => node.Value), Is.EqualTo(expected));
                Assert.That(told, Is.EqualTo(expected));
                Assert.That(seen, Is.EqualTo(expected));
                _sources[change % _sources.Length].Value = change;
            }
        }

        private int[] Expected()
        {
            int[] values = [.. _sources.Select(source => source.Peek()), .. new int[_formulas.Length]];
            for (int i = 0; i < _formulas.Length; i++)
            {
                values[_sources.Length + i] = _formulas[i].Compute(node => values[node]);
            }

            return values;
        }

        private int Read(int node) => _nodes[node].Value;

        private void Set(Random random) => _sources[random.Next(_sources.Length)].Value = random.Next(6);
    }
}
