using System.Collections;
using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core;

[TestFixture]
public sealed class GenIndexArrayTests
{
    /// <summary>Sizes around each step in which the tables grow.</summary>
    private static readonly int[] Sizes = [0, 1, 2, 3, 4, 5, 11, 12, 13, 31, 32, 33, 63, 64, 65, 127, 128, 129, 256, 257, 1000];

    private static readonly TestCaseData<Action<GenIndexArray<int>, GenIndex>>[] Changes =
    [
        new((array, _) => array.Insert(1)) { TestName = "{m}(Insert)" },
        new((array, live) => array.Erase(live)) { TestName = "{m}(Erase)" },
        new((array, _) => array.Clear()) { TestName = "{m}(Clear)" },
        new((array, _) => array.TrimExcess()) { TestName = "{m}(TrimExcess)" },
    ];

    [Test]
    public void New_array_is_empty_and_allocates_no_elements()
    {
        var array = new GenIndexArray<string>();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.Count, Is.Zero);
            Assert.That(array.Capacity, Is.Zero);
            Assert.That(array, Is.Empty);
        }
    }

    [TestCaseSource(nameof(Sizes))]
    public void Every_inserted_value_is_found_by_its_index_and_enumerated_in_order(int size)
    {
        var array = new GenIndexArray<int>();
        GenIndex[] indices = Fill(array, size);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.Count, Is.EqualTo(size));
            Assert.That(array.Capacity, Is.GreaterThanOrEqualTo(size));
            Assert.That(indices, Is.Unique);
            Assert.That(array, Is.EqualTo(indices.Select((index, value) => (index, value))));
            Assert.That(indices.Select(index => array[index]), Is.EqualTo(Enumerable.Range(0, size)));
            Assert.That(indices.All(array.IsLive), Is.True);
        }
    }

    [TestCaseSource(nameof(Sizes))]
    public void Erasing_every_second_value_leaves_the_others_in_order(int size)
    {
        var array = new GenIndexArray<int>();
        GenIndex[] indices = Fill(array, size);
        for (int i = 0; i < size; i += 2)
        {
            Assert.That(array.Erase(indices[i]), Is.True);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.Count, Is.EqualTo(size / 2));
            Assert.That(array.Select(entry => entry.Value), Is.EqualTo(Enumerable.Range(0, size).Where(value => value % 2 == 1)));
            Assert.That(indices.Select(array.IsLive), Is.EqualTo(Enumerable.Range(0, size).Select(value => value % 2 == 1)));
        }
    }

    [TestCaseSource(nameof(Sizes))]
    public void Enumeration_keeps_the_order_of_insertion_after_erasures(int size)
    {
        var array = new GenIndexArray<int>();
        var expected = new List<(GenIndex, int)>();
        var random = new Random(size);
        for (int value = 0; value < size * 4; value++)
        {
            expected.Add((array.Insert(value), value));
            if (expected.Count > size)
            {
                int victim = random.Next(expected.Count);
                Assert.That(array.Erase(expected[victim].Item1), Is.True);
                expected.RemoveAt(victim);
            }
        }

        Assert.That(array, Is.EqualTo(expected));
    }

    [Test]
    public void Erased_index_comes_back_with_the_next_generation()
    {
        var array = new GenIndexArray<string>();
        GenIndex first = array.Insert("first");
        array.Erase(first);
        GenIndex second = array.Insert("second");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(second, Is.EqualTo(first with { Generation = first.Generation + 1 }));
            Assert.That(array.IsLive(first), Is.False);
            Assert.That(array[second], Is.EqualTo("second"));
        }
    }

    [Test]
    public void Index_freed_last_is_used_first()
    {
        var array = new GenIndexArray<int>();
        GenIndex[] indices = Fill(array, 3);
        array.Erase(indices[0]);
        array.Erase(indices[2]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.Insert(10).Index, Is.EqualTo(indices[2].Index));
            Assert.That(array.Insert(11).Index, Is.EqualTo(indices[0].Index));
            Assert.That(array.Insert(12).Index, Is.EqualTo(3));
            Assert.That(array.Select(entry => entry.Value), Is.EqualTo([1, 10, 11, 12]));
        }
    }

    [Test]
    public void Erasing_twice_returns_false_and_changes_nothing()
    {
        var array = new GenIndexArray<int>();
        GenIndex[] indices = Fill(array, 2);
        Assert.That(array.Erase(indices[0]), Is.True);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.Erase(indices[0]), Is.False);
            Assert.That(array, Is.EqualTo([(indices[1], 1)]));
        }
    }

    [Test]
    public void Erase_that_fails_does_not_disturb_an_enumeration()
    {
        var array = new GenIndexArray<int>();
        Fill(array, 3);
        var seen = new List<int>();
        foreach ((_, int value) in array)
        {
            array.Erase(default);
            seen.Add(value);
        }

        Assert.That(seen, Is.EqualTo([0, 1, 2]));
    }

    [Test]
    public void Exhausted_generation_retires_the_index()
    {
        var array = new GenIndexArray<string>();
        GenIndex first = array.Insert("first");
        array.Erase(first);
        array.Age(first.Index, uint.MaxValue);
        GenIndex last = array.Insert("last");
        Assert.That(last, Is.EqualTo(new GenIndex(first.Index, uint.MaxValue)));

        array.Erase(last);
        GenIndex next = array.Insert("next");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(next.Index, Is.Not.EqualTo(last.Index));
            Assert.That(array.IsLive(last), Is.False);
            Assert.That(array.IsLive(default), Is.False);
            Assert.That(array.IsLive(first), Is.False);
            Assert.That(array, Is.EqualTo([(next, "next")]));
        }
    }

    [Test]
    public void Retired_index_stays_retired_after_clear_and_trim()
    {
        var array = new GenIndexArray<int>();
        GenIndex index = array.Insert(0);
        array.Erase(index);
        array.Age(index.Index, uint.MaxValue);
        array.Erase(array.Insert(1));
        array.Insert(2);
        array.Clear();
        array.TrimExcess();
        Assert.That(Fill(array, 100).Select(live => live.Index), Has.None.EqualTo(index.Index));
    }

    [Test]
    public void Default_index_is_never_live()
    {
        var array = new GenIndexArray<int>();
        Assert.That(array.IsLive(default), Is.False);
        GenIndex[] indices = Fill(array, 5);
        Assert.That(array.IsLive(default), Is.False);
        array.Erase(indices[0]);
        Assert.That(array.IsLive(default), Is.False);
        array.Clear();
        Assert.That(array.IsLive(default), Is.False);
    }

    [Test]
    public void Forged_index_is_not_live()
    {
        var array = new GenIndexArray<int>();
        GenIndex[] indices = Fill(array, 5);
        array.Erase(indices[1]);
        GenIndex[] forged =
        [
            indices[1] with
            {
                Generation = indices[1].Generation + 1,
            },
            indices[0] with
            {
                Generation = indices[0].Generation + 1,
            },
            indices[0] with
            {
                Generation = 0,
            },
            new GenIndex(5, 0),
            new GenIndex(5, 1),
            new GenIndex(int.MaxValue, 1),
            new GenIndex(0x8000_0000, 1),
            new GenIndex(uint.MaxValue, 1),
            new GenIndex(uint.MaxValue, uint.MaxValue),
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach (GenIndex index in forged)
            {
                Assert.That(array.IsLive(index), Is.False, index.ToString());
                Assert.That(array.TryGet(index, out int value), Is.False, index.ToString());
                Assert.That(value, Is.Zero, index.ToString());
                Assert.That(array.Erase(index), Is.False, index.ToString());
                Assert.That(() => array[index], Throws.TypeOf<KeyNotFoundException>(), index.ToString());
            }

            Assert.That(array.Count, Is.EqualTo(4));
        }
    }

    [Test]
    public void Indexer_names_the_missing_index_and_generation()
    {
        var array = new GenIndexArray<int>();
        Assert.That(() => array[new GenIndex(4711, 42)], Throws.TypeOf<KeyNotFoundException>().With.Message.Contains("4711").And.Message.Contains("42"));
    }

    [Test]
    public void TryGet_returns_the_value_of_a_live_index()
    {
        var array = new GenIndexArray<string>();
        GenIndex index = array.Insert("value");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.TryGet(index, out string? value), Is.True);
            Assert.That(value, Is.EqualTo("value"));
        }

        array.Erase(index);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.TryGet(index, out string? gone), Is.False);
            Assert.That(gone, Is.Null);
        }
    }

    [TestCaseSource(nameof(Sizes))]
    public void Value_written_through_the_indexer_stays(int size)
    {
        var array = new GenIndexArray<int>();
        foreach (GenIndex index in Fill(array, size))
        {
            array[index] += 1000;
            ref int value = ref array[index];
            value *= 2;
        }

        Assert.That(array.Select(entry => entry.Value), Is.EqualTo(Enumerable.Range(0, size).Select(value => (value + 1000) * 2)));
    }

    [Test]
    public void Null_is_a_value_like_any_other()
    {
        var array = new GenIndexArray<string?>();
        GenIndex index = array.Insert(null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.TryGet(index, out string? value), Is.True);
            Assert.That(value, Is.Null);
            Assert.That(array, Is.EqualTo([(index, (string?)null)]));
        }
    }

    [TestCaseSource(nameof(Sizes))]
    public void Clear_ends_every_index_and_keeps_the_capacity(int size)
    {
        var array = new GenIndexArray<int>();
        GenIndex[] before = Fill(array, size);
        int capacity = array.Capacity;
        array.Clear();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.Count, Is.Zero);
            Assert.That(array, Is.Empty);
            Assert.That(array.Capacity, Is.EqualTo(capacity));
            Assert.That(before.Any(array.IsLive), Is.False);
        }

        GenIndex[] after = Fill(array, size);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.Capacity, Is.EqualTo(capacity));
            Assert.That(after, Is.EqualTo(before.Select(index => index with { Generation = index.Generation + 1 })));
            Assert.That(before.Any(array.IsLive), Is.False);
            Assert.That(array.Select(entry => entry.Value), Is.EqualTo(Enumerable.Range(0, size)));
        }
    }

    [TestCaseSource(nameof(Sizes))]
    public void TrimExcess_sets_the_capacity_to_the_count_and_keeps_every_index(int size)
    {
        var array = new GenIndexArray<int>();
        GenIndex[] indices = Fill(array, size);
        foreach (GenIndex index in indices.Where((_, place) => place % 3 != 0))
        {
            array.Erase(index);
        }

        var left = array.ToList();
        array.TrimExcess();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.Capacity, Is.EqualTo(array.Count));
            Assert.That(array, Is.EqualTo(left));
            Assert.That(indices.Select(array.IsLive), Is.EqualTo(Enumerable.Range(0, size).Select(place => place % 3 == 0)));
        }

        GenIndex[] more = Fill(array, size);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array, Is.EqualTo(left.Concat(more.Select((index, value) => (index, value)))));
            Assert.That(indices.Select(array.IsLive), Is.EqualTo(Enumerable.Range(0, size).Select(place => place % 3 == 0)));
        }
    }

    [TestCaseSource(nameof(Sizes))]
    public void Old_index_stays_invalid_after_an_emptied_array_is_trimmed_and_reused(int size)
    {
        var array = new GenIndexArray<int>();
        var dead = new List<GenIndex>();
        for (int round = 0; round < 4; round++)
        {
            GenIndex[] indices = Fill(array, size);
            Assert.That(dead.Any(array.IsLive), Is.False);
            foreach (GenIndex index in indices)
            {
                array.Erase(index);
            }

            dead.AddRange(indices);
            array.TrimExcess();
            Assert.That(array.Capacity, Is.Zero);
            Assert.That(dead.Any(array.IsLive), Is.False);
        }
    }

    [Test]
    public void TrimExcess_releases_the_memory()
    {
        const int Count = 100_000;
        var array = new GenIndexArray<int>();
        long empty = Garbage.RetainedBytes();
        FillAndEraseAllButTheFirst(array, Count);
        long full = Garbage.RetainedBytes();
        array.TrimExcess();
        long trimmed = Garbage.RetainedBytes();
        GC.KeepAlive(array);
        using (Assert.EnterMultipleScope())
        {
            // The index table alone would need eight bytes for each.
            Assert.That(full - empty, Is.GreaterThan(Count * 8));
            Assert.That(trimmed - empty, Is.LessThan(Count));
            Assert.That(array.Capacity, Is.EqualTo(1));
        }
    }

    [Test]
    public void Erasing_nearly_all_values_releases_their_memory()
    {
        var array = new GenIndexArray<int>();
        FillAndEraseAllButTheFirst(array, 10_000);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.Capacity, Is.LessThan(1000));
            Assert.That(array.Select(entry => entry.Value), Is.EqualTo([0]));
        }
    }

    [Test]
    public void Capacity_does_not_grow_while_as_many_are_erased_as_are_inserted([Values(1, 10, 100, 1000)] int live)
    {
        var array = new GenIndexArray<int>();
        var queue = new Queue<GenIndex>(Fill(array, live));
        for (int i = 0; i < live * 20; i++)
        {
            array.Erase(queue.Dequeue());
            queue.Enqueue(array.Insert(i));
        }

        Assert.That(array.Capacity, Is.LessThanOrEqualTo(Math.Max(4, live * 4)));
        Assert.That(queue.Max(index => index.Index), Is.LessThan(live));
    }

    [TestCaseSource(nameof(Changes))]
    public void Change_during_an_enumeration_is_refused_with_advice(Action<GenIndexArray<int>, GenIndex> change)
    {
        var array = new GenIndexArray<int>();
        GenIndex[] indices = Fill(array, 5);
        using GenIndexArray<int>.Enumerator enumerator = array.GetEnumerator();
        Assert.That(enumerator.MoveNext(), Is.True);
        change(array, indices[4]);
        Assert.That(
            () => enumerator.MoveNext(),
            Throws
                .InvalidOperationException.With.Message.Contains("GenIndexArray")
                .And.Message.Contains("Collect the changes, and apply them after the loop")
        );
    }

    [Test]
    public void Two_changes_do_not_cancel_each_other_out([Range(0, 3)] int first, [Range(0, 3)] int second)
    {
        var array = new GenIndexArray<int>();
        GenIndex[] indices = Fill(array, 5);
        using GenIndexArray<int>.Enumerator enumerator = array.GetEnumerator();
        ((Action<GenIndexArray<int>, GenIndex>)Changes[first].Arguments[0]!)(array, indices[3]);
        ((Action<GenIndexArray<int>, GenIndex>)Changes[second].Arguments[0]!)(array, indices[4]);
        Assert.That(() => enumerator.MoveNext(), Throws.InvalidOperationException);
    }

    [TestCaseSource(nameof(Changes))]
    public void Change_after_the_last_value_is_also_refused(Action<GenIndexArray<int>, GenIndex> change)
    {
        var array = new GenIndexArray<int>();
        GenIndex index = array.Insert(1);
        IEnumerator<(GenIndex, int)> enumerator = ((IEnumerable<(GenIndex, int)>)array).GetEnumerator();
        while (enumerator.MoveNext()) { }

        change(array, index);
        Assert.That(enumerator.MoveNext, Throws.InvalidOperationException);
    }

    [Test]
    public void Writing_through_the_indexer_does_not_disturb_an_enumeration()
    {
        var array = new GenIndexArray<int>();
        Fill(array, 3);
        foreach ((GenIndex index, int value) in array)
        {
            array[index] = value + 10;
        }

        Assert.That(array.Select(entry => entry.Value), Is.EqualTo([10, 11, 12]));
    }

    [Test]
    public void Enumerator_stays_after_the_last_value_and_starts_again_when_reset()
    {
        var array = new GenIndexArray<string>();
        GenIndex index = array.Insert("only");
        IEnumerator enumerator = ((IEnumerable)array).GetEnumerator();
        for (int round = 0; round < 2; round++)
        {
            Assert.That(enumerator.MoveNext(), Is.True);
            Assert.That(enumerator.Current, Is.EqualTo((index, "only")));
            Assert.That(enumerator.MoveNext(), Is.False);
            Assert.That(enumerator.MoveNext(), Is.False);
            Assert.That(enumerator.Current, Is.EqualTo(default((GenIndex, string))));
            enumerator.Reset();
        }
    }

    [Test]
    public void Enumerating_allocates_nothing()
    {
        var array = new GenIndexArray<int>();
        GenIndex[] indices = Fill(array, 500);
        for (int i = 0; i < indices.Length; i += 3)
        {
            array.Erase(indices[i]);
        }

        long sum = Sum(array);
        long allocated = Allocations.Of(100, () => sum += Sum(array));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(allocated, Is.Zero);
            Assert.That(sum, Is.EqualTo(101L * Enumerable.Range(0, 500).Where(value => value % 3 != 0).Sum()));
        }
    }

    [Test]
    public void Erasing_and_looking_up_allocate_nothing()
    {
        var array = new GenIndexArray<int>();
        GenIndex[] warm = Fill(array, 10);
        Array.ForEach(warm, index => array.Erase(index));
        GenIndex[] indices = Fill(array, 5000);
        bool all = array.TryGet(indices[0], out _) && array.IsLive(indices[0]);

        long allocated = Allocations.Of(() =>
        {
            foreach (GenIndex index in indices)
            {
                all &= array.IsLive(index) && array.TryGet(index, out int value) && array[index] == value && array.Erase(index);
            }
        });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(allocated, Is.Zero);
            Assert.That(all, Is.True);
        }
    }

    [Test]
    public void Erased_value_is_unreachable([Values(1, 2, 4, 12, 64, 65, 300)] int size)
    {
        var array = new GenIndexArray<object>();
        WeakReference[] values = FillWithObjects(array, size, out GenIndex[] indices);
        for (int i = 0; i < size; i += 2)
        {
            array.Erase(indices[i]);
        }

        Collect();
        Assert.That(values.Select(value => value.IsAlive), Is.EqualTo(Enumerable.Range(0, size).Select(place => place % 2 == 1)));
        GC.KeepAlive(array);
    }

    [Test]
    public void Cleared_values_are_unreachable([Values(1, 4, 64, 300)] int size)
    {
        var array = new GenIndexArray<object>();
        WeakReference[] values = FillWithObjects(array, size, out _);
        array.Clear();
        Collect();
        Assert.That(values.Any(value => value.IsAlive), Is.False);
        GC.KeepAlive(array);
    }

    [Test]
    public void Value_is_unreachable_when_it_is_erased_after_the_tables_have_moved([Values(4, 64, 300)] int size)
    {
        var array = new GenIndexArray<object>();
        WeakReference[] values = FillWithObjects(array, size, out GenIndex[] indices);
        array.TrimExcess();
        for (int i = 0; i < size * 4; i++)
        {
            array.Insert(array);
        }

        Array.ForEach(indices, index => array.Erase(index));
        Collect();
        Assert.That(values.Any(value => value.IsAlive), Is.False);
        GC.KeepAlive(array);
    }

    [Test]
    public void Debugger_shows_the_indices_and_values()
    {
        var array = new GenIndexArray<string>();
        GenIndex index = array.Insert("shown");
        Assert.That(new GenIndexArrayDebugView<string>(array).Items, Is.EqualTo([(index, "shown")]));
    }

    [Test]
    public void GenIndex_is_equal_to_one_with_the_same_index_and_generation()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new GenIndex(1, 2), Is.EqualTo(new GenIndex(1, 3) with { Generation = 2 }));
            Assert.That(new GenIndex(1, 2), Is.Not.EqualTo(new GenIndex(1, 3)));
            Assert.That(new GenIndex(1, 2), Is.Not.EqualTo(new GenIndex(2, 2)));
        }
    }

    private static GenIndex[] Fill(GenIndexArray<int> array, int size) => [.. Enumerable.Range(0, size).Select(array.Insert)];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FillAndEraseAllButTheFirst(GenIndexArray<int> array, int size)
    {
        foreach (GenIndex index in Fill(array, size).Skip(1))
        {
            array.Erase(index);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] FillWithObjects(GenIndexArray<object> array, int size, out GenIndex[] indices)
    {
        object[] values = [.. Enumerable.Range(0, size).Select(_ => new object())];
        indices = [.. values.Select(array.Insert)];
        return [.. values.Select(value => new WeakReference(value))];
    }

    private static long Sum(GenIndexArray<int> array)
    {
        long sum = 0;
        foreach ((_, int value) in array)
        {
            sum += value;
        }

        return sum;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
