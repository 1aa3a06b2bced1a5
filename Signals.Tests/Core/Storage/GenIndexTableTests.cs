using NUnit.Framework;

namespace Signals.Tests.Core.Storage;

[TestFixture]
public sealed class GenIndexTableTests
{
    [Test]
    public void Live_index_is_found_where_it_was_put_and_where_it_was_moved_to()
    {
        var table = new GenIndexTable();
        GenIndex index = table.Allocate(7);
        Assert.That(table.Find(index), Is.EqualTo(7));
        table.Move(index, 3);
        Assert.That(table.Find(index), Is.EqualTo(3));
        table.Release(index);
        Assert.That(table.Find(index), Is.EqualTo(GenIndexTable.NotFound));
    }

    [Test]
    public void Index_is_current_from_its_allocation_to_its_release()
    {
        var table = new GenIndexTable();
        GenIndex index = table.Allocate(0);
        Assert.That(table.IsCurrent(index), Is.True);
        table.Release(index);
        Assert.That(table.IsCurrent(index), Is.False);
        table.Allocate(0);
        Assert.That(table.IsCurrent(index), Is.False);
    }

    [Test]
    public void First_live_index_is_the_one_with_the_lowest_number()
    {
        var table = new GenIndexTable();
        GenIndex[] indices = Allocate(table, 5);
        Assert.That(table.FirstLive(), Is.EqualTo(indices[0]));
        table.Release(indices[0]);
        table.Release(indices[1]);
        Assert.That(table.FirstLive(), Is.EqualTo(indices[2]));
    }

    [Test]
    public void Releasing_all_ends_only_live_indices_and_the_lowest_is_reused_first()
    {
        var table = new GenIndexTable();
        GenIndex[] indices = Allocate(table, 3);
        table.Release(indices[1]);
        table.ReleaseAll();
        Assert.That(table.LiveCount, Is.Zero);
        Assert.That(indices.Select(table.IsCurrent), Is.All.False);
        Assert.That(Allocate(table, 4), Is.EquivalentTo([new GenIndex(0, 2), new GenIndex(1, 2), new GenIndex(2, 2), new GenIndex(3, 1)]));
    }

    [Test]
    public void Trimmed_index_is_reused_above_all_its_previous_generations()
    {
        var table = new GenIndexTable();
        var old = new List<GenIndex>();
        for (int round = 0; round < 5; round++)
        {
            GenIndex[] indices = Allocate(table, 200);
            Assert.That(indices.Intersect(old), Is.Empty);
            old.AddRange(indices);
            table.ReleaseAll();
            table.TrimIndices();
            Assert.That(old.Any(table.IsCurrent), Is.False);
        }
    }

    [Test]
    public void Trimming_keeps_live_indices_and_free_ones_are_used_before_new_ones()
    {
        var table = new GenIndexTable();
        GenIndex[] indices = Allocate(table, 1000);
        for (int i = 0; i < 1000; i++)
        {
            if (i is not (1 or 3))
            {
                table.Release(indices[i]);
            }
        }

        table.TrimIndices();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.LiveCount, Is.EqualTo(2));
            Assert.That(table.Find(indices[1]), Is.EqualTo(1));
            Assert.That(table.Find(indices[3]), Is.EqualTo(3));
            Assert.That(indices.Count(table.IsCurrent), Is.EqualTo(2));
            Assert.That(Allocate(table, 4).Select(index => index.Index), Is.EqualTo([0, 2, 4, 5]));
            Assert.That(indices.Count(table.IsCurrent), Is.EqualTo(2));
        }
    }

    [Test]
    public void Trimming_does_nothing_while_more_than_half_is_needed()
    {
        var table = new GenIndexTable();
        GenIndex[] indices = Allocate(table, 128);
        for (int i = 65; i < 128; i++)
        {
            table.Release(indices[i]);
        }

        table.TrimIndices();
        Assert.That(table.Allocate(0), Is.EqualTo(indices[127] with { Generation = 2 }));
    }

    [Test]
    public void Retired_index_is_kept_by_trimming_and_never_reused()
    {
        var table = new GenIndexTable();
        table.Release(table.Allocate(0));
        table.Age(0, uint.MaxValue);
        GenIndex last = table.Allocate(0);
        table.Release(last);
        table.TrimIndices();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(table.IsCurrent(last), Is.False);
            Assert.That(table.Allocate(0).Index, Is.EqualTo(1));
            Assert.That(table.Find(default), Is.EqualTo(GenIndexTable.NotFound));
        }
    }

    private static GenIndex[] Allocate(GenIndexTable table, int count) => [.. Enumerable.Range(0, count).Select(table.Allocate)];
}
