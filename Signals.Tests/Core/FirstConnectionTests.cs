using NUnit.Framework;

namespace Signals.Tests.Core;

/// <summary>The first connection of a signal, which needs no storage besides the signal.</summary>
public sealed class FirstConnectionTests
{
    private const int Signals = 100;

    [Test]
    public void First_connection_and_its_end_allocate_nothing()
    {
        Signal<int>[] first = Create();
        Signal<int>[] second = Create();
        Action<int> slot = static _ => { };
        ConnectAndDisconnect(first, slot);

        Assert.That(Allocations.Of(() => ConnectAndDisconnect(second, slot)), Is.Zero);
    }

    [Test]
    public void S9_handle_of_the_first_connection_stays_inactive_however_the_signal_is_used_later([Values] bool all)
    {
        var signal = new Signal<int>();
        ConnectionHandle first = signal.Connect(static (int _) => { });
        Assert.That((first.IsActive, first.IsBlocked, signal.ConnectionCount), Is.EqualTo((true, false, 1)));
        End();
        Assert.That((first.IsActive, signal.ConnectionCount), Is.EqualTo((false, 0)));

        ConnectionHandle second = signal.Connect(static (int _) => { });
        first.Disconnect();
        Assert.That((first.IsActive, second.IsActive, first == second), Is.EqualTo((false, true, false)));

        signal.Connect(static (int _) => { });
        first.Disconnect();
        Assert.That((first.IsActive, second.IsActive, signal.ConnectionCount), Is.EqualTo((false, true, 2)));

        void End()
        {
            if (all)
            {
                signal.DisconnectAll();
            }
            else
            {
                first.Disconnect();
            }
        }
    }

    [Test]
    public void S9_first_connection_is_the_same_after_further_ones_were_made()
    {
        var signal = new Signal<int>();
        var calls = new List<int>();
        ConnectionHandle first = signal.Connect(value => calls.Add(value));
        signal.Connect(value => calls.Add(-value));

        Assert.That(first.Block(true), Is.False);
        signal.Emit(1);
        Assert.That(first.Block(false), Is.True);
        signal.Emit(2);
        first.Disconnect();
        signal.Emit(3);

        Assert.That(calls, Is.EqualTo([-1, 2, -2, -3]));
        Assert.That(first.IsActive, Is.False);
    }

    [Test]
    public void S8_first_connection_can_be_blocked()
    {
        var signal = new Signal<int>();
        int calls = 0;
        ConnectionHandle first = signal.Connect(_ => calls++);

        Assert.That(first.Block(true), Is.False);
        signal.Emit(1);
        Assert.That((first.IsBlocked, first.IsActive, calls), Is.EqualTo((true, true, 0)));
        first.Disconnect();
        Assert.That(() => first.Block(true), Throws.InvalidOperationException);
    }

    [Test]
    public void S12_disposal_ends_the_first_connection([Values(0, 1, 2)] int ended)
    {
        var signal = new Signal<int>();
        for (int i = 0; i < ended; i++)
        {
            signal.Connect(static (int _) => { }).Disconnect();
        }

        int calls = 0;
        ConnectionHandle handle = signal.Connect(_ => calls++);
        signal.Dispose();
        signal.Emit(1);

        Assert.That((handle.IsActive, signal.IsDisposed, signal.ConnectionCount, calls), Is.EqualTo((false, true, 0, 0)));
        Assert.That(() => signal.Connect(static (int _) => { }), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void S10_one_of_two_threads_ends_the_first_connection_and_the_other_one_finds_it_ended()
    {
        for (int round = 0; round < 200; round++)
        {
            var signal = new Signal<int>();
            ConnectionHandle first = signal.Connect(static (int _) => { });
            ConnectionHandle second = default;
            using var barrier = new Barrier(2);
            Worker.RunAll(
                () =>
                {
                    Bounded.Wait(barrier);
                    first.Disconnect();
                },
                () =>
                {
                    Bounded.Wait(barrier);
                    first.Disconnect();
                    second = signal.Connect(static (int _) => { });
                }
            );
            Assert.That((first.IsActive, second.IsActive, signal.ConnectionCount), Is.EqualTo((false, true, 1)));
        }
    }

    private static Signal<int>[] Create() => [.. Enumerable.Range(0, Signals).Select(_ => new Signal<int>())];

    private static void ConnectAndDisconnect(Signal<int>[] signals, Action<int> slot)
    {
        foreach (Signal<int> signal in signals)
        {
            signal.Connect(slot).Disconnect();
        }
    }
}
