using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

/// <summary>Random programs over random graphs, compared with a naive oracle: values, exact numbers of runs, order and the absence of mixes.</summary>
public class RandomGraphTests
{
    [Test]
    public void P3_P4_P6_random_graphs_agree_with_the_oracle([Range(1, Seeds.Count)] int seed)
    {
        var program = new Program(seed);
        for (int step = 0; step < 80; step++)
        {
            program.Step();
        }
    }

    private sealed class Program
    {
        private readonly Random _random;
        private readonly int _sourceCount;
        private readonly Formula[] _formulas;
        private readonly Property<int>[] _sources;
        private readonly IReadOnlyProperty<int>[] _nodes;
        private readonly int[] _runs;
        private readonly NaiveGraph _naive;
        private readonly Dictionary<int, (ConnectionHandle Handle, long Told)> _slots = [];
        private readonly List<(Effect Effect, Formula Formula, int Id)> _effects = [];
        private readonly Dictionary<int, List<(int Node, long Version)>> _effectReads = [];
        private readonly List<(string Kind, int Id, int Value)> _log = [];
        private int _effectIds;

        internal Program(int seed)
        {
            _random = new Random(seed);
            _sourceCount = _random.Next(1, 6);
            int count = _random.Next(1, 25);
            int[] values = [.. Enumerable.Range(0, _sourceCount).Select(_ => _random.Next(5))];
            _formulas = [.. Enumerable.Range(0, count).Select(i => Formula.Random(_random, _sourceCount + i))];
            _sources = [.. values.Select(value => new Property<int>(value))];
            _nodes = new IReadOnlyProperty<int>[_sourceCount + count];
            _runs = new int[_nodes.Length];
            Array.Copy(_sources, _nodes, _sourceCount);
            for (int i = 0; i < count; i++)
            {
                Formula formula = _formulas[i];
                int node = _sourceCount + i;
                _nodes[node] = Computed.Of(() =>
                {
                    _runs[node]++;
                    return formula.Compute(Read);
                });
            }

            _naive = new NaiveGraph(_formulas, values);
        }

        internal void Step()
        {
            switch (_random.Next(10))
            {
                case 0:
                    ToggleSlot(_random.Next(_nodes.Length));
                    break;
                case 1:
                    AddEffect();
                    break;
                case 2 when _effects.Count > 0:
                    RemoveEffect(_random.Next(_effects.Count));
                    break;
                case 3:
                    int node = _random.Next(_nodes.Length);
                    Assert.That(_nodes[node].Value, Is.EqualTo(_naive[node]));
                    break;
                case 4 or 5:
                    SetInBatch();
                    break;
                default:
                    Set(_random.Next(_sourceCount), _random.Next(6));
                    break;
            }

            Assert.That(_runs, Is.EqualTo(_naive.Runs), "numbers of runs");
        }

        private int Read(int node) => _nodes[node].Value;

        private void ToggleSlot(int node)
        {
            if (_slots.Remove(node, out (ConnectionHandle Handle, long Told) slot))
            {
                slot.Handle.Disconnect();
                return;
            }

            _slots[node] = (_nodes[node].Connect(value => OnTold("slot", node, value)), _naive.VersionOf(node));
        }

        private void AddEffect()
        {
            Formula formula = Formula.Random(_random, _nodes.Length);
            int id = ++_effectIds;
            _effects.Add((Effect.Run(() => OnTold("effect", id, formula.Compute(Read))), formula, id));
            _effectReads[id] = _naive.Read(formula, out int expected);
            Assert.That(_log, Is.EqualTo(((string, int, int)[])[("effect", id, expected)]));
            _log.Clear();
        }

        private void RemoveEffect(int index)
        {
            _effects[index].Effect.Dispose();
            _effects.RemoveAt(index);
        }

        private void Set(int source, int value)
        {
            _naive.Set(source, value);
            _sources[source].Value = value;
            CheckTold([source]);
        }

        private void SetInBatch()
        {
            List<(int Source, int Value)> sets = [.. Enumerable.Range(0, _random.Next(1, 6)).Select(_ => (_random.Next(_sourceCount), _random.Next(4)))];
            var order = new List<int>();
            int[] before = [.. Enumerable.Range(0, _sourceCount).Select(_naive.Peek)];
            int[] now = [.. before];
            foreach ((int source, int value) in sets)
            {
                if (now[source] != value && !order.Contains(source))
                {
                    order.Add(source);
                }

                now[source] = value;
            }

            _naive.SetAll(sets);
            using (Property.Batch())
            {
                foreach ((int source, int value) in sets)
                {
                    _sources[source].Value = value;
                    Assert.That(_sources[source].Peek(), Is.EqualTo(value));
                }

                Assert.That(_log, Is.Empty);
            }

            CheckTold(order);
        }

        private void CheckTold(List<int> sourceOrder)
        {
            int[] expectedSources = [.. sourceOrder.Where(HasSlotToTell)];
            int[] expectedComputed = [.. _slots.Keys.Where(node => node >= _sourceCount && HasSlotToTell(node)).Order()];
            var expectedEffects = new List<(string, int, int)>();
            foreach ((_, Formula formula, int id) in _effects)
            {
                if (_naive.HasChanged(_effectReads[id]))
                {
                    _effectReads[id] = _naive.Read(formula, out int result);
                    expectedEffects.Add(("effect", id, result));
                }
            }

            int slots = expectedSources.Length + expectedComputed.Length;
            Assert.That(_log.Take(expectedSources.Length), Is.EqualTo(expectedSources.Select(node => ("slot", node, _naive[node]))));
            List<(string Kind, int Id, int Value)> computed = [.. _log.Skip(expectedSources.Length).Take(expectedComputed.Length)];
            Assert.That(computed.OrderBy(entry => entry.Id), Is.EqualTo(expectedComputed.Select(node => ("slot", node, _naive[node]))));
            Assert.That(_log.Skip(slots), Is.EqualTo(expectedEffects));
            CheckOrder([.. computed.Select(entry => entry.Id)]);
            foreach (int node in expectedSources.Concat(expectedComputed))
            {
                _slots[node] = (_slots[node].Handle, _naive.VersionOf(node));
            }

            _log.Clear();
        }

        private bool HasSlotToTell(int node) =>
            _slots.TryGetValue(node, out (ConnectionHandle Handle, long Told) slot) && _naive.VersionOf(node) != slot.Told;

        /// <summary>A computed property is told after what it has read.</summary>
        private void CheckOrder(int[] told)
        {
            for (int i = 0; i < told.Length; i++)
            {
                HashSet<int> read = ReadBy(told[i]);
                Assert.That(told.Skip(i + 1).Where(read.Contains), Is.Empty, "told before what it has read");
            }
        }

        private HashSet<int> ReadBy(int node)
        {
            var all = new HashSet<int>();
            void Add(int reader)
            {
                if (reader < _sourceCount)
                {
                    return;
                }

                _ = _formulas[reader - _sourceCount]
                    .Compute(read =>
                    {
                        if (all.Add(read))
                        {
                            Add(read);
                        }

                        return _naive[read];
                    });
            }

            Add(node);
            return all;
        }

        private void OnTold(string kind, int id, int value)
        {
            _log.Add((kind, id, value));
            foreach (int node in _slots.Keys)
            {
                Assert.That(_nodes[node].Peek(), Is.EqualTo(_naive[node]), "a mix of old and new");
            }
        }
    }
}
