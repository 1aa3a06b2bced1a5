using NUnit.Framework;

namespace Signals.Tests.Core.Storage;

[TestFixture]
public sealed class DenseIdTests
{
    private static readonly GenIndex[] Indices =
    [
        new GenIndex(0, 1),
        new GenIndex(1, 1),
        new GenIndex(0x8000_0000, 1),
        new GenIndex(uint.MaxValue, uint.MaxValue),
    ];

    [TestCaseSource(nameof(Indices))]
    public void Live_id_returns_its_index_and_is_not_a_hole(GenIndex index)
    {
        ulong id = DenseId.Live(index);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(DenseId.IsLive(id), Is.True);
            Assert.That(DenseId.RunLength(id), Is.Zero);
            Assert.That(DenseId.Index(id), Is.EqualTo(index));
            Assert.That(DenseId.Step(id), Is.EqualTo(1));
        }
    }

    [Test]
    public void Holes_at_both_ends_of_a_run_store_its_length([Values(1, 2, 1000)] int length)
    {
        ulong first = DenseId.Hole(length);
        ulong last = DenseId.HoleEnd(length);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(DenseId.IsLive(first), Is.False);
            Assert.That(DenseId.IsLive(last), Is.False);
            Assert.That(DenseId.RunLength(first), Is.EqualTo(length));
            Assert.That(DenseId.RunLength(last), Is.EqualTo(length));
            Assert.That(DenseId.Step(first), Is.EqualTo(length));
            Assert.That(DenseId.Step(last), Is.EqualTo(1));
        }
    }

    [Test]
    public void Unused_entry_is_neither_live_nor_a_hole_and_is_skipped()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(DenseId.IsLive(DenseId.Unused), Is.False);
            Assert.That(DenseId.RunLength(DenseId.Unused), Is.Zero);
            Assert.That(DenseId.Step(DenseId.Unused), Is.EqualTo(1));
        }
    }
}
