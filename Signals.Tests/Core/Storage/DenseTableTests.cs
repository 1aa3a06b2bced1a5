using NUnit.Framework;

namespace Signals.Tests.Core.Storage;

[TestFixture]
public sealed class DenseTableTests
{
    [Test]
    public void Walk_finds_the_remaining_entries_after_erasing_in_any_order([Values(1, 4, 12, 64, 128, 300)] int size, [Range(0, 2)] int seed)
    {
        DenseTable<string> table = Filled(size, out _);
        var left = new SortedSet<int>(Enumerable.Range(0, size));
        int[] order = [.. left];
        new Random(seed).Shuffle(order);
        foreach (int position in order)
        {
            table.Erase(position);
            left.Remove(position);
            Assert.That(Walk(table).SequenceEqual(left), Is.True, $"seed {seed}, {left.Count} left");
            Assert.That(table[position].Value, Is.Null);
        }
    }

    [Test]
    public void First_entry_of_each_run_of_holes_stores_its_length([Values(12, 64, 256)] int size, [Range(0, 4)] int seed)
    {
        DenseTable<string> table = Filled(size, out _);
        int[] order = [.. Enumerable.Range(0, size)];
        new Random(seed).Shuffle(order);
        foreach (int position in order)
        {
            table.Erase(position);
            Assert.That(StepsOfWalk(table), Is.EqualTo(RunsAndValues(table)));
        }
    }

    [Test]
    public void Adding_a_chunk_moves_nothing_and_doubles_the_capacity()
    {
        DenseTable<string> table = Filled(64, out GenIndex[] indices);
        ref DenseEntry<string> entry = ref table[10];
        table.AddChunk();
        entry.Value = "written";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.Capacity, Is.EqualTo(128));
            Assert.That(table[10].Value, Is.EqualTo("written"));
            Assert.That(DenseId.Index(table[10].Id), Is.EqualTo(indices[10]));
            Assert.That(Walk(table), Is.EqualTo(Enumerable.Range(0, 64)));
        }
    }

    [Test]
    public void Copy_has_no_holes_and_its_indices_refer_to_the_new_positions()
    {
        DenseTable<string> table = Filled(100, out GenIndex[] live, out GenIndexTable indices);
        for (int position = 0; position < 100; position += 2)
        {
            table.Erase(position);
            indices.Release(live[position]);
        }

        var copy = new DenseTable<string>(50);
        table.CopyTo(copy, indices);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(copy.Used, Is.EqualTo(50));
            for (int i = 0; i < 50; i++)
            {
                GenIndex index = live[(2 * i) + 1];
                Assert.That(indices.Find(index), Is.EqualTo(i));
                Assert.That(copy[i].Value, Is.EqualTo(NameOf((2 * i) + 1)));
                Assert.That(DenseId.Index(copy[i].Id), Is.EqualTo(index));
            }
        }
    }

    [Test]
    public void Replaced_table_has_its_ids_and_no_values()
    {
        DenseTable<string> table = Filled(100, out GenIndex[] indices);
        table.Erase(50);
        table.ClearValues();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Walk(table), Is.EqualTo(Enumerable.Range(0, 100).Where(position => position != 50)));
            Assert.That(Enumerable.Range(0, 100).Select(position => table[position].Value), Is.All.Null);
            Assert.That(DenseId.Index(table[99].Id), Is.EqualTo(indices[99]));
        }
    }

    [Test]
    public void Reset_table_is_equal_to_a_new_one([Values(4, 64, 300)] int size)
    {
        DenseTable<string> table = Filled(size, out _);
        int capacity = table.Capacity;
        table.Erase(size / 2);
        table.Reset();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.Used, Is.Zero);
            Assert.That(table.Capacity, Is.EqualTo(capacity));
            Assert.That(Enumerable.Range(0, capacity).Select(position => table[position].Id), Is.All.EqualTo(DenseId.Unused));
            Assert.That(Enumerable.Range(0, capacity).Select(position => table[position].Value), Is.All.Null);
        }
    }

    [TestCase(63, null)]
    [TestCase(64, 12)]
    [TestCase(256, 32)]
    [TestCase(4096, 256)]
    public void Large_table_has_a_spare_to_move_to(int capacity, int? spare) =>
        Assert.That(new DenseTable<string>(capacity).Spare?.Capacity, Is.EqualTo(spare));

    [Test]
    public void Spare_has_a_spare_until_it_is_small()
    {
        int spares = 0;
        for (DenseTable<int>? table = new(1 << 20); table is not null; table = table.Spare)
        {
            Assert.That(table.Used, Is.Zero);
            spares++;
        }

        Assert.That(spares, Is.InRange(3, 6));
    }

    [Test]
    public void Spare_grows_with_the_table()
    {
        var table = new DenseTable<string>(64);
        for (int i = 0; i < 8; i++)
        {
            table.AddChunk();
            Assert.That(table.Spare!.Capacity, Is.InRange(Math.Max(12, table.Capacity / 64), Math.Max(12, table.Capacity / 8)));
        }
    }

    private static string NameOf(int value) => $"value {value}";

    private static DenseTable<string> Filled(int size, out GenIndex[] live) => Filled(size, out live, out _);

    private static DenseTable<string> Filled(int size, out GenIndex[] live, out GenIndexTable indices)
    {
        indices = new GenIndexTable();
        var table = new DenseTable<string>(Math.Min(size, Capacities.Chunked));
        live = new GenIndex[size];
        for (int i = 0; i < size; i++)
        {
            if (table.Used == table.Capacity)
            {
                table.AddChunk();
            }

            live[i] = indices.Allocate(i);
            table.Add(NameOf(i), live[i]);
        }

        return table;
    }

    private static List<int> Walk(DenseTable<string> table)
    {
        var positions = new List<int>();
        for (int position = table.NextLive(0); position < table.Used; position = table.NextLive(position + 1))
        {
            positions.Add(position);
        }

        return positions;
    }

    private static int StepsOfWalk(DenseTable<string> table)
    {
        int steps = 0;
        for (int position = 0; position < table.Used; position += DenseId.Step(table[position].Id))
        {
            steps++;
        }

        return steps;
    }

    /// <summary>Returns the expected number of steps of a walk: one for each value, and one for each run of holes in a chunk.</summary>
    private static int RunsAndValues(DenseTable<string> table)
    {
        int count = 0;
        for (int position = 0; position < table.Used; position++)
        {
            table.ChunkOf(position, out int start);
            bool continuesRun = IsHole(position) && position > start && IsHole(position - 1);
            count += continuesRun ? 0 : 1;
        }

        return count;

        bool IsHole(int position) => DenseId.RunLength(table[position].Id) != 0;
    }
}
