using NUnit.Framework;

namespace Signals.Tests.Core.Storage;

[TestFixture]
public sealed class CapacitiesTests
{
    [TestCase(0, 1)]
    [TestCase(1, 4)]
    [TestCase(3, 4)]
    [TestCase(4, 12)]
    [TestCase(11, 12)]
    [TestCase(12, 32)]
    [TestCase(31, 32)]
    [TestCase(32, 64)]
    [TestCase(63, 64)]
    [TestCase(64, 128)]
    [TestCase(70, 128)]
    [TestCase(127, 128)]
    [TestCase(128, 256)]
    [TestCase(1 << 29, 1 << 30)]
    public void Next_capacity_grows_in_steps_and_then_doubles(int full, int next) => Assert.That(Capacities.Next(full), Is.EqualTo(next));

    [Test]
    public void Capacity_beyond_an_int_is_refused() => Assert.That(() => Capacities.Next(1 << 30), Throws.TypeOf<OverflowException>());

    [TestCase(0, 4)]
    [TestCase(4, 4)]
    [TestCase(5, 12)]
    [TestCase(12, 12)]
    [TestCase(13, 32)]
    [TestCase(32, 32)]
    [TestCase(33, 64)]
    [TestCase(64, 64)]
    [TestCase(65, 128)]
    [TestCase(1000, 1024)]
    public void Fitting_capacity_is_the_smallest_step_that_holds_the_count(int count, int capacity) =>
        Assert.That(Capacities.Fit(count), Is.EqualTo(capacity));
}
