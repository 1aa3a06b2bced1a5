using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class AllocationTests
{
    private const int Emissions = 100;

    private static int _calls;

    [Test]
    public void S11_emitting_allocates_nothing_regardless_of_the_number_of_slots([Values(0, 1, 2, 10, 64, 65, 1000)] int count)
    {
        var signal = new Signal<int>();
        Connect(signal, count);

        AssertAllocatesNothing(() => signal.Emit(1), count);
    }

    [Test]
    public void S11_arguments_are_not_boxed([Values(1, 3)] int count)
    {
        var one = new Signal<(long, long, long)>();
        var two = new Signal<DateTime, decimal>();
        var three = new Signal<int, double, Guid>();
        var four = new Signal<byte, long, (int, int), char>();
        for (int i = 0; i < count; i++)
        {
            one.Connect(static _ => _calls++);
            two.Connect(static (_, _) => _calls++);
            three.Connect(static (_, _, _) => _calls++);
            four.Connect(static (_, _, _, _) => _calls++);
        }

        AssertAllocatesNothing(() => one.Emit((1, 2, 3)), count);
        AssertAllocatesNothing(() => two.Emit(DateTime.UnixEpoch, 2), count);
        AssertAllocatesNothing(() => three.Emit(1, 2, Guid.Empty), count);
        AssertAllocatesNothing(() => four.Emit(1, 2, (3, 4), '5'), count);
    }

    [Test]
    public void S11_no_kind_of_connection_allocates_in_an_emission()
    {
        var signal = new Signal<long, int>();
        var target = new Signal<long, int>();
        var owner = new object();
        target.Connect(static (_, _) => _calls++);
        signal.Connect(static (_, _) => _calls++);
        signal.Connect(static () => _calls++);
        signal.Connect((1, 2, 3), static (_, _, _) => _calls++);
        signal.Connect(target);
        signal.ConnectReflective(static (_, _, _) => _calls++);
        signal.ConnectWeak(owner, static (_, _, _) => _calls++);

        AssertAllocatesNothing(() => signal.Emit(1, 2), 6);
        GC.KeepAlive(owner);
    }

    [Test]
    public void S11_holes_and_blocked_connections_do_not_make_an_emission_allocate([Values(10, 200)] int count)
    {
        var signal = new Signal<int>();
        ConnectionHandle[] handles = Connect(signal, count);
        for (int i = 0; i < count; i += 3)
        {
            handles[i].Disconnect();
        }

        for (int i = 1; i < count; i += 3)
        {
            handles[i].Block(true);
        }

        AssertAllocatesNothing(() => signal.Emit(1), handles.Count(handle => handle.IsActive && !handle.IsBlocked));
    }

    [Test]
    public void S11_nested_emission_allocates_nothing()
    {
        var signal = new Signal<int>();
        signal.Connect(
            signal,
            static (own, depth) =>
            {
                _calls++;
                if (depth < 3)
                {
                    own.Emit(depth + 1);
                }
            }
        );
        signal.Connect(static _ => _calls++);

        AssertAllocatesNothing(() => signal.Emit(0), 8);
    }

    [Test]
    public void S11_emission_whose_table_was_replaced_allocates_nothing()
    {
        var signal = new Signal<int>();
        ConnectionHandle[] handles = [];
        bool measured = false;
        signal.Connect(_ =>
        {
            for (int i = 0; i < handles.Length - 1; i++)
            {
                handles[i].Disconnect();
            }

            measured = true;
        });
        handles = Connect(signal, 300);
        long allocated = Allocations.Of(() => signal.Emit(1));

        Assert.That(measured, Is.True);
        Assert.That(signal.ConnectionCount, Is.EqualTo(2));
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Disconnecting_blocking_and_querying_allocate_nothing([Values(1, 10, 64, 1000)] int count)
    {
        var signal = new Signal<int>();
        Measure(Connect(signal, count));
        long allocated = Measure(Connect(signal, count));

        Assert.That(allocated, Is.Zero);
        Assert.That(signal.IsEmpty, Is.True);

        long Measure(ConnectionHandle[] handles)
        {
            bool standing = true;
            long bytes = Allocations.Of(() =>
            {
                foreach (ConnectionHandle handle in handles)
                {
                    standing &= handle.IsActive && !handle.IsBlocked && handle.BelongsTo(signal);
                    handle.Disconnect();
                }
            });
            Assert.That(standing, Is.True);
            return bytes;
        }
    }

    [Test]
    public void S11_first_emission_after_a_collection_allocates_nothing_with_weak_and_blocked_connections([Values(1, 10, 1000)] int count)
    {
        var signal = new Signal<int>();
        var owner = new object();
        var target = new Signal<int>();
        signal.ConnectWeak(owner, static (_, _) => _calls++);
        signal.Connect(target);
        Connect(signal, count)[0].Block(true);
        signal.Emit(1);
        new Signal().Dispose();
        Garbage.Collect();

        Assert.That(Allocations.Of(() => signal.Emit(1)), Is.Zero);
        GC.KeepAlive(owner);
    }

    [Test]
    public void S14_connect_after_a_collection_does_not_copy_the_connections_next_to_a_weak_one()
    {
        const int count = 10_000;
        var signal = new Signal<int>();
        var owner = new object();
        signal.ConnectWeak(owner, static (_, _) => _calls++);
        Connect(signal, count);
        signal.Connect(static _ => _calls++).Disconnect();
        Garbage.Collect();
        Action<int> slot = static _ => _calls++;

        Assert.That(Allocations.Of(() => signal.Connect(slot).Disconnect()), Is.LessThan(count));
        GC.KeepAlive(owner);
    }

    [Test]
    public void TrimExcess_of_a_trimmed_signal_allocates_nothing([Values(1, 3, 12, 33, 100, 5000)] int count, [Values] bool holes)
    {
        var signal = new Signal<int>();
        ConnectionHandle[] handles = Connect(signal, count * 2);
        for (int i = 0; i < handles.Length; i += 2)
        {
            handles[holes ? i : i / 2].Disconnect();
        }

        signal.TrimExcess();

        Assert.That(Allocations.Of(signal.TrimExcess), Is.Zero);
        Assert.That(Allocations.Of(signal.DisconnectAll), Is.Zero, "a disconnect still allocates no memory");
    }

    private static ConnectionHandle[] Connect(Signal<int> signal, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => signal.Connect(static _ => _calls++))];

    private static void AssertAllocatesNothing(Action emit, int callsEach)
    {
        for (int i = 0; i < Emissions; i++)
        {
            emit();
        }

        _calls = 0;
        Assert.That(Allocations.Of(Emissions, emit), Is.Zero);
        Assert.That(_calls, Is.EqualTo(Emissions * callsEach));
    }
}
