using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

/// <summary>E3: what an evaluator knows of the connections that it would have to end.</summary>
public sealed class DeferredSlotRegisterTests
{
    [Test]
    public void E3_evaluator_forgets_a_connection_that_has_ended()
    {
        using var evaluator = new ConnectionEvaluator();
        var register = new DeferredSlotRegister();
        DeferredSlot[] slots = [.. Enumerable.Range(0, 40).Select(_ => new DeferredSlot<Arguments>(evaluator, () => { }, ConnectionKind.Deferred))];
        foreach (DeferredSlot slot in slots)
        {
            register.Add(slot);
        }

        foreach (DeferredSlot slot in slots.Where((_, i) => i % 2 == 0))
        {
            register.Remove(slot);
        }

        Assert.That(register.TakeAll(), Is.EqualTo(slots.Where((_, i) => i % 2 != 0)), "those that are left, in the order of their connections");
        Assert.That(register.TakeAll(), Is.Empty, "they were taken");
    }

    [Test]
    public void E3_ended_connections_leave_nothing_behind_in_the_evaluator()
    {
        const int connections = 5000;
        const int bytesOfOneLeftBehind = 24;
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        Action slot = () => { };
        signal.ConnectDeferred(evaluator, slot).Disconnect();
        long before = Garbage.RetainedBytes();

        // The register drops those that have been collected, which would hide that it was not told of their ends.
        Garbage.Keep(() =>
        {
            for (int i = 0; i < connections; i++)
            {
                signal.ConnectDeferred(evaluator, slot).Disconnect();
            }
        });

        Assert.That(Garbage.RetainedBytes() - before, Is.LessThan(connections * bytesOfOneLeftBehind / 4));
        GC.KeepAlive(signal);
    }
}
