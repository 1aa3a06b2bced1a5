using NUnit.Framework;
using RxDashboard;

namespace Signals.Tests.Product.Samples;

public sealed class WordingTests
{
    [TestCase(0, "0 B")]
    [TestCase(999, "999 B")]
    [TestCase(1024, "1.0 KiB")]
    [TestCase(1000 * 1024, "1.0 MiB")]
    [TestCase(1.5 * 1024 * 1024, "1.5 MiB")]
    [TestCase(23.5 * 1024 * 1024 * 1024, "23.5 GiB")]
    [TestCase(1e20, "88817.8 PiB")]
    public void Sizes_have_a_suitable_unit(double bytes, string text) => Assert.That(Wording.Bytes(bytes), Is.EqualTo(text));

    [TestCase(0, "0 collections")]
    [TestCase(1, "1 collection")]
    [TestCase(1_234, "1,234 collections")]
    public void Counts_have_a_plural(int count, string text) => Assert.That(Wording.Count(count, "collection"), Is.EqualTo(text));
}
