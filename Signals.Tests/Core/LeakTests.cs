using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class LeakTests
{
    [Test]
    public void S4_slot_disconnected_outside_an_emission_is_unreachable([Values] Kind kind, [Values(0, 1, 2, 70)] int others)
    {
        var crowd = new Crowd(others);
        (WeakReference captured, ConnectionHandle handle) = Connect(crowd.Signal, kind);
        crowd.Connect(others);
        Assert.That(captured.IsAlive, Is.True);
        handle.Disconnect();

        AssertGone(captured, crowd.Signal, handle);
        Assert.That(crowd.Emit(), Has.Length.EqualTo(2 * others));
    }

    [Test]
    public void S4_slot_disconnected_inside_an_emission_is_unreachable_when_it_has_ended(
        [Values] Kind kind,
        [Values(0, 1, 3, 64, 300)] int others,
        [Values] bool before
    )
    {
        var crowd = new Crowd(before ? others : 0);
        (WeakReference captured, ConnectionHandle handle) = Connect(crowd.Signal, kind);
        crowd.Connect(before ? 1 : others + 1);
        crowd.Inside[0] = () => handle.Disconnect();
        crowd.Emit();

        AssertGone(captured, crowd.Signal, handle);
    }

    [Test]
    public void S4_slot_that_disconnects_itself_is_unreachable_when_the_emission_has_ended([Values(0, 1, 70)] int others, [Values] bool throws)
    {
        var crowd = new Crowd(others);
        WeakReference captured = ConnectSelfEnding(crowd.Signal, throws);
        if (throws)
        {
            Assert.That(() => crowd.Signal.Emit(""), Throws.InvalidOperationException);
        }
        else
        {
            crowd.Emit();
        }

        AssertGone(captured, crowd.Signal);
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(others));
    }

    [Test]
    public void S4_single_shot_is_unreachable_when_its_emission_has_ended([Values(0, 1, 70)] int others)
    {
        var crowd = new Crowd(others);
        (WeakReference captured, ConnectionHandle handle) = Connect(crowd.Signal, Kind.SingleShot);
        crowd.Emit();

        AssertGone(captured, crowd.Signal, handle);
    }

    [Test]
    public void S4_all_slots_are_unreachable_after_all_connections_have_ended(
        [Values] Ending ending,
        [Values(1, 2, 64, 300)] int count,
        [Values] bool inside
    )
    {
        var crowd = new Crowd(1);
        List<(WeakReference Captured, ConnectionHandle Handle)> connections = ConnectMany(crowd.Signal, count);
        void EndAll()
        {
            switch (ending)
            {
                case Ending.DisconnectAll:
                    crowd.Signal.DisconnectAll();
                    break;
                case Ending.Dispose:
                    crowd.Signal.Dispose();
                    break;
                default:
                    connections.ForEach(connection => connection.Handle.Disconnect());
                    break;
            }
        }

        if (inside)
        {
            crowd.Inside[0] = EndAll;
            crowd.Emit();
        }
        else
        {
            EndAll();
        }

        Garbage.Collect();
        Assert.That(connections.Count(connection => connection.Captured.IsAlive), Is.Zero);
        GC.KeepAlive(crowd);
    }

    [Test]
    public void S4_slots_that_an_emission_disconnects_after_its_table_was_replaced_are_unreachable(
        [Values(4, 64, 65, 300)] int count,
        [Values] bool nested
    )
    {
        var crowd = new Crowd(1);
        List<(WeakReference Captured, ConnectionHandle Handle)> connections = ConnectMany(crowd.Signal, count);
        crowd.Inside[0] = () =>
        {
            crowd.Connect(2 * count);
            crowd.Signal.TrimExcess();
            crowd.Inside[1] = () => connections.ForEach(connection => connection.Handle.Disconnect());
            if (nested)
            {
                crowd.Signal.Emit("");
            }
            else
            {
                crowd.Inside[1]();
            }
        };
        crowd.Emit();

        Garbage.Collect();
        Assert.That(connections.Count(connection => connection.Captured.IsAlive), Is.Zero);
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(1 + (2 * count)));
        GC.KeepAlive(crowd);
    }

    [Test]
    public void S4_replaced_tables_keep_nothing_alive([Values(4, 12, 64, 128, 1000)] int count)
    {
        var crowd = new Crowd(count);
        (WeakReference captured, ConnectionHandle handle) = Connect(crowd.Signal, Kind.Plain);
        crowd.Connect(3 * count);
        crowd.Disconnect(number => number % 9 != 0);
        crowd.Signal.TrimExcess();
        crowd.Connect(count);
        handle.Disconnect();

        AssertGone(captured, crowd.Signal, handle);
    }

    [Test]
    public void S4_blocked_slot_is_unreachable_after_its_end([Values] Ending ending, [Values(0, 3)] int others)
    {
        var crowd = new Crowd(others);
        (WeakReference captured, ConnectionHandle handle) = Connect(crowd.Signal, Kind.Plain);
        handle.Block(true);
        switch (ending)
        {
            case Ending.DisconnectAll:
                crowd.Signal.DisconnectAll();
                break;
            case Ending.Dispose:
                crowd.Signal.Dispose();
                break;
            default:
                handle.Disconnect();
                break;
        }

        AssertGone(captured, crowd.Signal, handle);
    }

    [Test]
    public void S4_slot_unblocked_and_disconnected_is_unreachable()
    {
        var crowd = new Crowd(2);
        (WeakReference captured, ConnectionHandle handle) = Connect(crowd.Signal, Kind.Plain);
        handle.Block(true);
        handle.Block(false);
        handle.Disconnect();

        AssertGone(captured, crowd.Signal, handle);
    }

    [Test]
    public void S4_slot_disconnected_while_another_thread_emits_is_unreachable_when_that_emission_has_ended([Values(1, 70)] int others)
    {
        var crowd = new Crowd(others);
        (WeakReference captured, ConnectionHandle handle) = Connect(crowd.Signal, Kind.Plain);
        using var started = new ManualResetEventSlim();
        using var disconnected = new ManualResetEventSlim();
        crowd.Inside[0] = () =>
        {
            started.Set();
            Bounded.Wait(disconnected, "the disconnect");
        };
        Worker.RunAll(
            () => crowd.Emit(),
            () =>
            {
                Bounded.Wait(started, "the emission");
                handle.Disconnect();
                disconnected.Set();
            }
        );

        AssertGone(captured, crowd.Signal, handle);
    }

    [Test]
    public void S4_index_is_used_again_with_the_next_generation_when_the_emission_has_ended()
    {
        var crowd = new Crowd(3);
        crowd.Inside[0] = () => crowd.Handles[1].Disconnect();
        crowd.Emit();
        crowd.Signal.TrimExcess();
        crowd.Connect(1);

        GenIndex old = crowd.Handles[1].Index;
        Assert.That(crowd.Handles[3].Index, Is.EqualTo(old with { Generation = old.Generation + 1 }));
    }

    [Test]
    public void Active_connection_keeps_its_slot_alive([Values] Kind kind)
    {
        var signal = new Signal<string>();
        (WeakReference captured, ConnectionHandle handle) = Connect(signal, kind);
        Garbage.Collect();

        Assert.That(captured.IsAlive, Is.True);
        Assert.That(handle.IsActive, Is.True);
    }

    [Test]
    public void Signal_that_is_dropped_is_collected_with_all_its_slots()
    {
        WeakReference[] parts = MakeAndDrop();
        Garbage.Collect();

        Assert.That(parts.Count(part => part.IsAlive), Is.Zero);
    }

    [Test]
    public void Handle_keeps_its_signal_alive()
    {
        (WeakReference signal, ConnectionHandle handle) = ConnectToFresh();
        Garbage.Collect();

        Assert.That(signal.IsAlive, Is.True);
        Assert.That(handle.IsActive, Is.True);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Captured, ConnectionHandle Handle) Connect(Signal<string> signal, Kind kind)
    {
        var captured = new object();
        ConnectionHandle handle = kind switch
        {
            Kind.Plain => signal.Connect(_ => GC.KeepAlive(captured)),
            Kind.Dropping => signal.Connect(() => GC.KeepAlive(captured)),
            Kind.WithState => signal.Connect(captured, static (_, _) => { }),
            Kind.Chained => signal.Connect(ChainTo(captured)),
            Kind.Reflective => signal.ConnectReflective((_, _) => GC.KeepAlive(captured)),
            Kind.SingleShot => signal.ConnectSingleShot(_ => GC.KeepAlive(captured)),
            _ => signal.ConnectWeak(signal, (_, _) => GC.KeepAlive(captured)),
        };
        return (new WeakReference(captured), handle);
    }

    private static Signal<string> ChainTo(object captured)
    {
        var target = new Signal<string>();
        target.Connect(_ => GC.KeepAlive(captured));
        return target;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<(WeakReference Captured, ConnectionHandle Handle)> ConnectMany(Signal<string> signal, int count) =>
        [.. Enumerable.Range(0, count).Select(number => Connect(signal, (Kind)(number % 7)))];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ConnectSelfEnding(Signal<string> signal, bool throws)
    {
        var captured = new object();
        signal.ConnectReflective(
            (handle, _) =>
            {
                GC.KeepAlive(captured);
                handle.Disconnect();
                if (throws)
                {
                    throw new InvalidOperationException();
                }
            }
        );
        return new WeakReference(captured);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] MakeAndDrop()
    {
        var signal = new Signal<string>();
        return [new WeakReference(signal), .. ConnectMany(signal, 30).Select(connection => connection.Captured)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Signal, ConnectionHandle Handle) ConnectToFresh()
    {
        var signal = new Signal<string>();
        return (new WeakReference(signal), signal.Connect(_ => { }));
    }

    private static void AssertGone(WeakReference captured, SignalBase signal, ConnectionHandle handle = default)
    {
        Garbage.Collect();
        Assert.That(captured.IsAlive, Is.False);
        Assert.That(handle.IsActive, Is.False);
        GC.KeepAlive(signal);
    }

    public enum Kind
    {
        Plain,
        Dropping,
        WithState,
        Chained,
        Reflective,
        SingleShot,
        WeakSlot,
    }

    public enum Ending
    {
        OneByOne,
        DisconnectAll,
        Dispose,
    }
}
