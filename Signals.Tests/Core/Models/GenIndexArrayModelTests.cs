using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Signals.Tests.Core.Models;

/// <summary>Compares a <see cref="GenIndexArray{T}"/> with a list in order of insertion and a set of all freed indices.</summary>
[TestFixture]
public sealed class GenIndexArrayModelTests
{
    private enum Operation
    {
        Insert,
        Erase,
        EraseDead,
        Write,
        Clear,
        TrimExcess,
    }

    private static Gen<Step[]> Programs =>
        from length in Gen.Choose(1, 120)
        from steps in Gen.ArrayOf(
            from operation in Gen.Frequency(
                (10, Gen.Constant(Operation.Insert)),
                (10, Gen.Constant(Operation.Erase)),
                (2, Gen.Constant(Operation.EraseDead)),
                (3, Gen.Constant(Operation.Write)),
                (1, Gen.Constant(Operation.Clear)),
                (1, Gen.Constant(Operation.TrimExcess))
            )
            from count in Gen.Frequency((3, Gen.Choose(1, 4)), (1, Gen.Choose(5, 150)))
            from place in Gen.Choose(0, 999)
            from stride in Gen.Choose(1, 3)
            select new Step(operation, count, place, stride),
            length
        )
        select steps;

    [Test]
    public void Any_program_has_the_same_effect_as_on_a_list() => ModelCheck.ForAll(200, Programs, steps => ModelCheck.ShrinkList(steps, Shrink), Run);

    private static IEnumerable<Step> Shrink(Step step) =>
        step.Count > 1 ? [step with { Count = step.Count / 2 }, step with { Count = step.Count - 1 }] : [];

    private static void Run(Step[] program)
    {
        var array = new GenIndexArray<int>();
        var expected = new List<(GenIndex Index, int Value)>();
        var dead = new HashSet<GenIndex>();
        int next = 0;
        foreach (Step step in program)
        {
            Perform(step, array, expected, dead, ref next);
            Compare(array, expected, dead, step);
        }
    }

    private static void Perform(Step step, GenIndexArray<int> array, List<(GenIndex Index, int Value)> expected, HashSet<GenIndex> dead, ref int next)
    {
        switch (step.Operation)
        {
            case Operation.Insert:
                for (int i = 0; i < step.Count; i++)
                {
                    GenIndex index = array.Insert(next);
                    Require(!dead.Contains(index), step, $"{index} is not new");
                    expected.Add((index, next++));
                }

                break;
            case Operation.Erase:
                for (int i = 0; i < step.Count && expected.Count > 0; i++)
                {
                    int place = (step.Place + (i * step.Stride)) % expected.Count;
                    GenIndex index = expected[place].Index;
                    Require(array.Erase(index), step, $"{index} was not erased");
                    dead.Add(index);
                    expected.RemoveAt(place);
                }

                break;
            case Operation.EraseDead:
                foreach (GenIndex index in dead.Skip(step.Place % (dead.Count + 1)).Take(step.Count))
                {
                    Require(!array.Erase(index), step, $"{index} was erased again");
                }

                break;
            case Operation.Write when expected.Count > 0:
                int written = step.Place % expected.Count;
                expected[written] = expected[written] with { Value = next };
                array[expected[written].Index] = next++;
                break;
            case Operation.Clear:
                array.Clear();
                dead.UnionWith(expected.Select(entry => entry.Index));
                expected.Clear();
                break;
            case Operation.TrimExcess:
                array.TrimExcess();
                Require(array.Capacity == array.Count, step, "it has unused capacity");
                break;
        }
    }

    private static void Compare(GenIndexArray<int> array, List<(GenIndex Index, int Value)> expected, HashSet<GenIndex> dead, Step step)
    {
        Require(array.Count == expected.Count, step, $"Count is {array.Count} instead of {expected.Count}");
        Require(array.Capacity >= array.Count, step, $"Capacity is {array.Capacity} for {array.Count}");
        Require(array.SequenceEqual(expected), step, "other values are enumerated");
        Require(expected.All(entry => array.TryGet(entry.Index, out int value) && value == entry.Value), step, "a value is not found");
        Require(!dead.Any(array.IsLive), step, "a freed index is live");
        Require(!array.IsLive(default), step, "default is live");
    }

    private static void Require(bool condition, Step step, string otherwise)
    {
        if (!condition)
        {
            throw new AssertionException($"After {step}: {otherwise}.");
        }
    }

    private sealed record Step(Operation Operation, int Count, int Place, int Stride);
}
