using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class WeakTests
{
    private static int _calls;

    [SetUp]
    public void ForgetCalls() => _calls = 0;

    [Test]
    public void S14_weak_connection_does_not_keep_its_target_alive([Values(0, 1, 70)] int others)
    {
        Signal<int> signal = SignalWith(others);
        (WeakReference target, ConnectionHandle handle) = ConnectToLost(signal);
        Garbage.Collect();

        Assert.That(target.IsAlive, Is.False);
        signal.Emit(1);
        Assert.That(_calls, Is.Zero, "the slot is never called again");
        Assert.That(handle.IsActive, Is.False, "removed by the next emission");
        Assert.That(signal.ConnectionCount, Is.EqualTo(others));
        GC.KeepAlive(signal);
    }

    [Test]
    public void S14_connection_whose_target_was_collected_is_removed_by_the_next_connect([Values(0, 1, 70)] int others)
    {
        Signal<int> signal = SignalWith(others);
        (_, ConnectionHandle handle) = ConnectToLost(signal);
        Garbage.Collect();
        ConnectionHandle next = signal.Connect(_ => { });

        Assert.That(handle.IsActive, Is.False);
        Assert.That(next.IsActive, Is.True);
        Assert.That(signal.ConnectionCount, Is.EqualTo(others + 1));
    }

    [Test]
    public void S14_connect_removes_exactly_the_connections_whose_targets_were_collected()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        var living = new object();
        var gone = new List<ConnectionHandle>();
        for (int i = 0; i < 50; i++)
        {
            int number = i;
            signal.Connect(_ => log.Add($"p{number}"));
            gone.Add(ConnectToLost(signal).Handle);
            signal.ConnectWeak(living, (_, _) => log.Add($"w{number}"));
        }

        Garbage.Collect();
        signal.Connect(_ => log.Add("last"));

        Assert.That(gone.Any(handle => handle.IsActive), Is.False);
        Assert.That(signal.ConnectionCount, Is.EqualTo(101));
        signal.Emit(1);
        Assert.That(log.Take(), Is.EqualTo(string.Join(' ', [.. Enumerable.Range(0, 50).Select(i => $"p{i} w{i}"), "last"])));
        GC.KeepAlive(living);
    }

    [Test]
    public void S14_connects_check_for_collected_targets_after_every_collection()
    {
        var signal = new Signal<int>();
        for (int round = 0; round < 3; round++)
        {
            (_, ConnectionHandle handle) = ConnectToLost(signal);
            Garbage.Collect();
            ConnectionHandle next = signal.Connect(_ => { });
            Assert.That(handle.IsActive, Is.False, $"round {round}");
            next.Disconnect();
        }
    }

    [Test]
    public void S14_target_freed_by_a_background_collection_is_noticed_by_the_next_connect_even_after_another_collection()
    {
        // So many objects that a connect can run while the collection marks them.
        object[] heap = [.. Enumerable.Range(0, 500_000).Select(_ => new object[1])];
        for (int round = 0; round < 5; round++)
        {
            var signal = new Signal<int>();
            (WeakReference target, ConnectionHandle handle) = ConnectToOldLost(signal);
            for (int attempt = 0; attempt < 10 && target.IsAlive; attempt++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
                signal.Connect(_ => { }).Disconnect();

                // Reading the target may itself keep it alive.
                SpinWait.SpinUntil(() => !target.IsAlive, TimeSpan.FromSeconds(1));
            }

            signal.Connect(_ => { });

            Assert.That((target.IsAlive, handle.IsActive, signal.ConnectionCount), Is.EqualTo((false, false, 1)));
        }

        GC.KeepAlive(heap);
    }

    [Test]
    public void S14_count_is_correct_after_weak_connections_are_disconnected_and_removed()
    {
        var signal = new Signal<int>();
        var living = new object();
        signal.ConnectWeak(living, static (_, _) => _calls++).Disconnect();
        signal.ConnectWeak(living, static (_, _) => _calls++);
        signal.DisconnectAll();
        (_, ConnectionHandle lost) = ConnectToLost(signal);
        Garbage.Collect();
        signal.Connect(_ => { });

        Assert.That(lost.IsActive, Is.False);
        Assert.That(signal.ConnectionCount, Is.EqualTo(1));
        GC.KeepAlive(living);
    }

    [Test]
    public void S14_connection_of_a_live_target_survives_collections([Values(0, 3)] int others)
    {
        Signal<int> signal = SignalWith(others);
        var target = new object();
        ConnectionHandle handle = signal.ConnectWeak(target, static (_, _) => _calls++);
        for (int round = 1; round <= 3; round++)
        {
            Garbage.Collect();
            signal.Connect(_ => { }).Disconnect();
            signal.Emit(1);
            Assert.That(_calls, Is.EqualTo(round));
        }

        Assert.That(handle.IsActive, Is.True);
        handle.Disconnect();
        signal.Emit(1);
        Assert.That(_calls, Is.EqualTo(3));
        GC.KeepAlive(target);
    }

    [Test]
    public void S14_blocked_connection_whose_target_was_collected_is_removed_by_the_next_connect([Values(0, 3)] int others)
    {
        Signal<int> signal = SignalWith(others);
        (_, ConnectionHandle handle) = ConnectToLost(signal);
        handle.Block(true);
        Garbage.Collect();
        signal.Connect(_ => { });

        Assert.That(handle.IsActive, Is.False);
        Assert.That(handle.IsBlocked, Is.False);
        Assert.That(signal.ConnectionCount, Is.EqualTo(others + 1));
    }

    [Test]
    public void S14_target_lost_during_an_emission_is_not_called_by_it()
    {
        var signal = new Signal<int>();
        signal.Connect(_ => Garbage.Collect());
        (_, ConnectionHandle handle) = ConnectToLost(signal);
        signal.Emit(1);

        Assert.That(_calls, Is.Zero);
        Assert.That(handle.IsActive, Is.False);
        Assert.That(signal.ConnectionCount, Is.EqualTo(1));
    }

    [Test]
    public void S14_removal_by_a_connect_inside_a_slot_does_not_affect_the_emission()
    {
        var crowd = new Crowd(3);
        (_, ConnectionHandle handle) = ConnectToLost(crowd.Signal);
        crowd.Connect(70);
        crowd.Inside[1] = () =>
        {
            Garbage.Collect();
            crowd.Connect(1);
        };

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, 73)));
        Assert.That(handle.IsActive, Is.False);
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, 74)));
    }

    private static Signal<int> SignalWith(int others)
    {
        var signal = new Signal<int>();
        for (int i = 0; i < others; i++)
        {
            signal.Connect(_ => { });
        }

        return signal;
    }

    /// <summary>Makes a connection to a target that only a full collection frees.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Target, ConnectionHandle Handle) ConnectToOldLost(Signal<int> signal)
    {
        var target = new object();
        Garbage.Collect();
        ConnectionHandle handle = signal.ConnectWeak(target, static (_, _) => _calls++);
        GC.KeepAlive(target);
        return (new WeakReference(target), handle);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Target, ConnectionHandle Handle) ConnectToLost<T>(Signal<T> signal)
    {
        var target = new object();
        return (new WeakReference(target), signal.ConnectWeak(target, static (_, _) => _calls++));
    }
}
