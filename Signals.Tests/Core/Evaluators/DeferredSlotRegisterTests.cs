using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

/// <summary>E3: the register of the connections that an evaluator ends when it is disposed.</summary>
public sealed class DeferredSlotRegisterTests
{
    [Test]
    public void E3_evaluator_releases_a_connection_that_has_ended()
    {
        using var evaluator = new ConnectionEvaluator();
        var register = new DeferredSlotRegister();
        DeferredSlot[] slots = [.. Enumerable.Range(0, 40).Select(_ => new PlainDeferredSlot<Arguments>(evaluator, () => { }))];
        foreach (DeferredSlot slot in slots)
        {
            register.Add(slot);
        }

        foreach (DeferredSlot slot in slots.Where((_, i) => i % 2 == 0))
        {
            register.Remove(slot);
        }

        Assert.That(TakeAll(register), Is.EqualTo(slots.Where((_, i) => i % 2 != 0)), "the remaining ones, in the order of their connections");
        Assert.That(TakeAll(register), Is.Empty, "they were taken");
        register.Remove(slots[1]);
        register.Add(slots[3]);
        register.Add(slots[1]);
        register.Remove(slots[1]);
        Assert.That(TakeAll(register), Is.EqualTo([slots[3]]), "the ends of the list");
    }

    [Test]
    public void E3_many_connections_that_have_ended_leave_no_memory_in_the_evaluator()
    {
        const int connections = 100_000;
        using var evaluator = new ConnectionEvaluator();
        var handles = new ConnectionHandle[connections];

        // One byte per connection would exceed this.
        Assert.That(Garbage.LeftBehindBy(() => ConnectAndEnd(evaluator, handles)), Is.LessThan(connections));
        GC.KeepAlive(handles);
    }

    [Test]
    public void E3_ended_connections_leave_nothing_in_the_evaluator()
    {
        const int connections = 5000;
        const int bytesOfOneLeftBehind = 24;
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal();
        Action slot = () => { };
        signal.ConnectDeferred(evaluator, slot).Disconnect();

        // The register removes collected slots, which would hide that it was not notified when their connections ended.
        long leftBehind = Garbage.LeftBehindBy(() =>
            Garbage.Keep(() =>
            {
                for (int i = 0; i < connections; i++)
                {
                    signal.ConnectDeferred(evaluator, slot).Disconnect();
                }
            })
        );

        Assert.That(leftBehind, Is.LessThan(connections * bytesOfOneLeftBehind / 4));
        GC.KeepAlive(signal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ConnectAndEnd(ConnectionEvaluator evaluator, ConnectionHandle[] handles)
    {
        var signal = new Signal();
        for (int i = 0; i < handles.Length; i++)
        {
            handles[i] = signal.ConnectDeferred(evaluator, () => { });
        }

        foreach (ref ConnectionHandle handle in handles.AsSpan())
        {
            handle.Disconnect();
            handle = default;
        }
    }

    private static List<DeferredSlot> TakeAll(DeferredSlotRegister register)
    {
        var slots = new List<DeferredSlot>();
        while (register.TryTakeFirst(out DeferredSlot? slot))
        {
            slots.Add(slot);
        }

        return slots;
    }
}
