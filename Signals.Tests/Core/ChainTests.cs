using System.Runtime.CompilerServices;
using Moq;
using NUnit.Framework;

namespace Signals.Tests.Core;

/// <summary>Signals that are connected as slots: through the subscriber's view, and after either signal has been disposed.</summary>
public sealed class ChainTests
{
    [Test]
    public void S12_connection_to_a_disposed_signal_is_removed_by_the_next_emission([Values(0, 1, 3, 70)] int others)
    {
        var crowd = new Crowd(others);
        var target = new Signal<string>();
        ConnectionHandle handle = crowd.Signal.Connect(target);
        target.Dispose();

        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(0, others)));
        Assert.That(handle.IsActive, Is.False);
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(others));
    }

    [Test]
    public void S12_connection_to_a_disposed_signal_is_removed_by_the_next_connect([Values(0, 1, 3, 70)] int others)
    {
        var crowd = new Crowd(others);
        var living = new Signal<string>();
        var target = new Signal<string>();
        ConnectionHandle kept = crowd.Signal.Connect(living);
        ConnectionHandle handle = crowd.Signal.Connect(target);
        target.Dispose();
        crowd.Connect(1);

        Assert.That(handle.IsActive, Is.False);
        Assert.That(kept.IsActive, Is.True);
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(others + 2));
    }

    [Test]
    public void S12_blocked_connection_to_a_disposed_signal_is_removed_by_the_next_emission([Values(0, 3)] int others)
    {
        var crowd = new Crowd(others);
        var target = new Signal<string>();
        ConnectionHandle handle = crowd.Signal.Connect(target);
        handle.Block(true);
        target.Dispose();
        crowd.Emit();

        Assert.That(handle.IsActive, Is.False);
        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(others));
    }

    [Test]
    public void S12_connection_to_a_disposed_signal_after_a_slot_that_throws_is_removed_by_the_next_emission()
    {
        var signal = new Signal(new SignalOptions { ExceptionPolicy = SlotExceptionPolicy.StopAtFirst });
        var target = new Signal();
        signal.Connect(static () => throw new InvalidOperationException("the first"));
        ConnectionHandle handle = signal.Connect(target);
        target.Dispose();

        Assert.That(signal.Emit, Throws.InvalidOperationException);
        Assert.That(handle.IsActive, Is.False);
    }

    [Test]
    public void S12_connection_to_a_signal_that_was_disposed_earlier_is_inactive([Values] bool used)
    {
        var signal = new Signal();
        var target = new Signal();
        if (used)
        {
            target.Connect(static () => { });
        }

        target.Dispose();

        Assert.That(signal.Connect(target).IsActive, Is.False);
        Assert.That(signal.IsEmpty, Is.True);
    }

    [Test]
    public void S12_connections_to_disposed_signals_do_not_accumulate_without_emissions()
    {
        const int living = 300;
        var signal = new Signal();
        var targets = new List<Signal>();
        for (int i = 0; i < living; i++)
        {
            targets.Add(new Signal());
            signal.Connect(targets[i]);
        }

        for (int i = 0; i < 10 * living; i++)
        {
            var target = new Signal();
            signal.Connect(target);
            target.Dispose();
        }

        Assert.That(signal.ConnectionCount, Is.InRange(living, living + (living / 8)));
        signal.Emit();
        Assert.That(signal.ConnectionCount, Is.EqualTo(living));
    }

    [Test]
    public void S12_target_that_is_disposed_by_its_own_slot_ends_the_connection_with_the_next_emission()
    {
        int calls = 0;
        var signal = new Signal<int>();
        var target = new Signal<int>();
        target.Connect(_ =>
        {
            calls++;
            target.Dispose();
        });
        target.Connect(_ => calls++);
        signal.Connect(target);
        signal.Emit(1);
        signal.Emit(2);

        Assert.That((calls, signal.ConnectionCount), Is.EqualTo((1, 0)));
    }

    [Test]
    public void S4_disposed_target_is_collected_after_the_next_emission([Values(0, 3)] int others)
    {
        var crowd = new Crowd(others);
        WeakReference target = ChainToDisposed(crowd.Signal);
        crowd.Emit();
        Garbage.Collect();

        Assert.That(target.IsAlive, Is.False);
        GC.KeepAlive(crowd);
    }

    [Test]
    public void S4_target_keeps_no_signal_alive_that_is_connected_to_it()
    {
        var target = new Signal<string>();
        WeakReference source = ChainFromLost(target);
        Garbage.Collect();

        Assert.That(source.IsAlive, Is.False);
        GC.KeepAlive(target);
    }

    [Test]
    public void S13_published_signal_of_every_arity_is_connected_to_another([Values(1, 2)] int count)
    {
        var log = new CallLog();
        var none = new Signal();
        var one = new Signal<int>();
        var two = new Signal<int, string>();
        var three = new Signal<int, string, char>();
        var four = new Signal<int, string, char, bool>();
        for (int i = 0; i < count; i++)
        {
            Published(none, log.Add);
            Published(one, log.Add);
            Published(two, log.Add);
            Published(three, log.Add);
            Published(four, log.Add);
        }

        none.Emit();
        one.Emit(1);
        two.Emit(1, "b");
        three.Emit(1, "b", 'c');
        four.Emit(1, "b", 'c', true);

        string[] calls = ["-", "1", "1b", "1bc", "1bcTrue"];
        Assert.That(log.Take(), Is.EqualTo(string.Join(' ', calls.SelectMany(call => Enumerable.Repeat(call, count)))));
    }

    [Test]
    public void S13_published_signal_is_connected_to_one_of_a_more_general_type([Values(1, 2)] int count)
    {
        var signal = new Signal<string>();
        ISignal<string> view = signal;
        var target = new Signal<object>();
        var got = new List<object>();
        target.Connect(got.Add);
        for (int i = 0; i < count; i++)
        {
            view.Connect(target);
        }

        signal.Emit("text");

        Assert.That(got, Is.EqualTo(Enumerable.Repeat("text", count)));
    }

    [Test]
    public void S13_published_signal_is_connected_neither_to_itself_nor_to_null()
    {
        var signal = new Signal<int>();
        ISignal<int> view = signal;

        Assert.That(() => view.Connect(signal), Throws.ArgumentException.With.Property("ParamName").EqualTo("target"));
        Assert.That(() => view.Connect((Signal<int>)null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("target"));
        Assert.That(() => ((ISignal<int>)null!).Connect(signal), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("signal"));
        Assert.That(signal.IsEmpty, Is.True);
    }

    [Test]
    public void S13_signal_of_another_class_is_connected_to_one_and_releases_it_when_it_has_been_disposed()
    {
        var inner = new Signal<int>();
        var foreign = new Mock<ISignal<int>>();
        foreign.Setup(signal => signal.Connect(It.IsAny<ISlot<int>>())).Returns((ISlot<int> slot) => inner.Connect(slot));
        var target = new Signal<int>();
        var got = new List<int>();
        target.Connect(got.Add);
        ConnectionHandle handle = foreign.Object.Connect(target);
        inner.Emit(1);
        target.Dispose();
        inner.Emit(2);

        Assert.That(got, Is.EqualTo([1]));
        Assert.That(handle.IsActive, Is.False);
        Assert.That(foreign.Object.Connect(target).IsActive, Is.False);
    }

    private static void Published(ISignal signal, Action<object> log)
    {
        var target = new Signal();
        target.Connect(() => log("-"));
        signal.Connect(target);
    }

    private static void Published<T>(ISignal<T> signal, Action<object> log)
    {
        var target = new Signal<T>();
        target.Connect(a => log($"{a}"));
        signal.Connect(target);
    }

    private static void Published<T1, T2>(ISignal<T1, T2> signal, Action<object> log)
    {
        var target = new Signal<T1, T2>();
        target.Connect((a, b) => log($"{a}{b}"));
        signal.Connect(target);
    }

    private static void Published<T1, T2, T3>(ISignal<T1, T2, T3> signal, Action<object> log)
    {
        var target = new Signal<T1, T2, T3>();
        target.Connect((a, b, c) => log($"{a}{b}{c}"));
        signal.Connect(target);
    }

    private static void Published<T1, T2, T3, T4>(ISignal<T1, T2, T3, T4> signal, Action<object> log)
    {
        var target = new Signal<T1, T2, T3, T4>();
        target.Connect((a, b, c, d) => log($"{a}{b}{c}{d}"));
        signal.Connect(target);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ChainToDisposed(Signal<string> signal)
    {
        var target = new Signal<string>();
        target.Connect(static () => { });
        signal.Connect(target);
        target.Dispose();
        return new WeakReference(target);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ChainFromLost(Signal<string> target)
    {
        var signal = new Signal<string>();
        signal.Connect(target);
        return new WeakReference(signal);
    }
}
