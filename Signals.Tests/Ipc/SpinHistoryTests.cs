using NUnit.Framework;
using Signals.Ipc.Threading;

namespace Signals.Tests.Ipc;

/// <summary>Tests of the conditions under which a receive loop polls.</summary>
public sealed class SpinHistoryTests
{
    [Test]
    public void Polling_continues_while_it_is_successful()
    {
        var history = new SpinHistory();
        for (int i = 0; i < 100; i++)
        {
            Assert.That(history.TakeChance());
            history.Record(succeeded: true);
        }
    }

    [Test]
    public void Unsuccessful_polling_doubles_the_number_of_skipped_opportunities_up_to_a_limit()
    {
        var history = new SpinHistory();
        Assert.That(history.TakeChance());
        foreach (int expected in new[] { 2, 4, 8, 16, 32, 64, 64, 64 })
        {
            history.Record(succeeded: false);
            Assert.That(Skipped(ref history), Is.EqualTo(expected));
        }
    }

    [Test]
    public void Successful_polling_resets_the_failures()
    {
        var history = new SpinHistory();
        history.TakeChance();
        history.Record(succeeded: false);
        Skipped(ref history);
        history.Record(succeeded: true);
        Assert.That(history.TakeChance());
        history.Record(succeeded: false);
        Assert.That(Skipped(ref history), Is.EqualTo(2));
    }

    /// <summary>Takes the next opportunity, and returns the number of opportunities that were skipped before it.</summary>
    private static int Skipped(ref SpinHistory history)
    {
        int count = 0;
        while (!history.TakeChance())
        {
            Assert.That(++count, Is.LessThanOrEqualTo(1000));
        }

        return count;
    }
}
