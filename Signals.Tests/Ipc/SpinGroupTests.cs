using NUnit.Framework;
using Signals.Ipc.Threading;

namespace Signals.Tests.Ipc;

/// <summary>Tests of the condition under which a connection polls beside others.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SpinGroupTests
{
    private readonly object _first = new();
    private readonly object _second = new();
    private int _toWaitOfFirst;
    private int _toWaitOfSecond;

    [Test]
    public void A_single_member_is_alone_from_its_first_read()
    {
        var group = new SpinGroup();
        for (int i = 0; i < 10; i++)
        {
            Assert.That(group.IsAlone(_first, ref _toWaitOfFirst));
        }
    }

    [Test]
    public void Members_that_read_in_turns_are_never_alone()
    {
        var group = new SpinGroup();
        group.IsAlone(_first, ref _toWaitOfFirst);
        for (int i = 0; i < 100; i++)
        {
            Assert.That(group.IsAlone(_second, ref _toWaitOfSecond), Is.False);
            Assert.That(group.IsAlone(_first, ref _toWaitOfFirst), Is.False);
        }
    }

    [Test]
    public void A_member_is_alone_again_when_the_others_have_not_read_for_some_time()
    {
        var group = new SpinGroup();
        group.IsAlone(_first, ref _toWaitOfFirst);
        group.IsAlone(_second, ref _toWaitOfSecond);
        int reads = 0;
        while (!group.IsAlone(_first, ref _toWaitOfFirst))
        {
            Assert.That(++reads, Is.LessThan(100));
        }

        Assert.That(reads, Is.GreaterThan(4));
        Assert.That(group.IsAlone(_first, ref _toWaitOfFirst));
    }
}
