using NUnit.Framework;

namespace Signals.Tests.Core.Storage;

[TestFixture]
public sealed class ChunkedArrayTests
{
    [Test]
    public void Growing_uses_the_capacities_and_keeps_the_content()
    {
        var array = new ChunkedArray<int>(0);
        int filled = 0;
        foreach (int capacity in (int[])[1, 4, 12, 32, 64, 128, 256, 512, 1024, 2048, 4096])
        {
            array.Grow();
            Assert.That(array.Capacity, Is.EqualTo(capacity));
            while (filled < capacity)
            {
                array[filled] = filled;
                filled++;
            }

            Assert.That(Read(array, filled), Is.EqualTo(Enumerable.Range(0, filled)));
        }
    }

    [Test]
    public void Reference_into_a_large_array_stays_valid_while_it_grows()
    {
        var array = new ChunkedArray<int>(Capacities.Chunked);
        ref int first = ref array[0];
        ref int last = ref array[Capacities.Chunked - 1];
        array.Grow();
        array.Grow();
        first = 1;
        last = 2;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array[0], Is.EqualTo(1));
            Assert.That(array[Capacities.Chunked - 1], Is.EqualTo(2));
        }
    }

    [Test]
    public void Large_array_whose_size_is_not_a_power_of_two_grows_to_one_by_copying()
    {
        var array = new ChunkedArray<int>(70);
        array[69] = 42;
        array.Grow();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(array.Capacity, Is.EqualTo(128));
            Assert.That(array.First, Has.Length.EqualTo(128));
            Assert.That(array[69], Is.EqualTo(42));
        }
    }

    [TestCase(0, 0)]
    [TestCase(63, 0)]
    [TestCase(64, 64)]
    [TestCase(127, 64)]
    [TestCase(128, 128)]
    [TestCase(511, 256)]
    public void Chunk_of_an_index_begins_at_its_power_of_two(int index, int start)
    {
        ChunkedArray<int> array = Grown(512);
        int[]? chunk = array.ChunkOf(index, out int actual);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(actual, Is.EqualTo(start));
            Assert.That(chunk, Is.Not.Null.And.Length.GreaterThan(index - start));
        }
    }

    [TestCase(0, 0)]
    [TestCase(0, 5)]
    [TestCase(64, 64)]
    [TestCase(512, 512)]
    [TestCase(512, 1 << 20)]
    public void Index_after_the_end_has_no_chunk(int capacity, int index) => Assert.That(Grown(capacity).ChunkOf(index, out _), Is.Null);

    [TestCase(0, 0)]
    [TestCase(1, 64)]
    [TestCase(64, 64)]
    [TestCase(65, 128)]
    [TestCase(200, 256)]
    [TestCase(512, 512)]
    public void Shrinking_keeps_the_chunks_that_are_needed_and_the_array_can_grow_again(int used, int capacity)
    {
        ChunkedArray<int> array = Grown(512);
        array.Shrink(used);
        Assert.That(array.Capacity, Is.EqualTo(capacity));
        Assert.That(Read(array, used), Is.EqualTo(Enumerable.Range(0, used)));

        while (array.Capacity < 1024)
        {
            array.Grow();
        }

        Assert.That(Read(array, used), Is.EqualTo(Enumerable.Range(0, used)));
        Assert.That(Read(array, 1024).Skip(capacity), Is.All.Zero);
    }

    private static ChunkedArray<int> Grown(int capacity)
    {
        var array = new ChunkedArray<int>(0);
        while (array.Capacity < capacity)
        {
            array.Grow();
        }

        for (int i = 0; i < capacity; i++)
        {
            array[i] = i;
        }

        return array;
    }

    private static List<int> Read(ChunkedArray<int> array, int count) => [.. Enumerable.Range(0, count).Select(index => array[index])];
}
