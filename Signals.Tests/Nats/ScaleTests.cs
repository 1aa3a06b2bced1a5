using NUnit.Framework;

namespace Signals.Tests.Nats;

/// <summary>The simulation of many importers, which needs no server.</summary>
[TestFixture]
internal sealed class ScaleTests
{
    [Test]
    public void N3_ten_thousand_importers_are_served_also_while_a_tenth_of_them_restarts() => Simulate(10_000, 100);

    [TestCase(100_000)]
    [TestCase(1_000_000)]
    [Explicit("It takes minutes and gigabytes: docs/nats.md has the command.")]
    public void N3_many_importers_are_served_also_while_a_tenth_of_them_restarts(int importers) => Simulate(importers, 1000);

    private static void Simulate(int importers, int signals)
    {
        using var simulation = new ScaleSimulation(signals, TestContext.Out);
        simulation.Add(importers, seconds: 60);
        simulation.Idle(20);
        Assert.That(simulation.SubscriberCount, Is.EqualTo(importers));
        Assert.That(simulation.LiveCount, Is.EqualTo(importers));
        simulation.Emit();
        simulation.Restart(importers / 10, seconds: 60);
        simulation.Idle(40);
        Assert.That(simulation.SubscriberCount, Is.EqualTo(importers), "The leases of those that were killed have ended.");
        Assert.That(simulation.LiveCount, Is.EqualTo(importers));
        simulation.Emit();
    }
}
