using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Signals.Tests.Core;

/// <summary>Interruptions of threads that wait for a lock that another thread holds.</summary>
public sealed class InterruptedLockTests
{
    [Test]
    public void S9_disconnect_of_an_interrupted_thread_ends_the_connection_and_throws_nothing()
    {
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.Connect(_ => { });

        RunInterrupted(TableOf(signal), handle.Disconnect);

        Assert.That(handle.IsActive, Is.False);
        Assert.That(signal.IsEmpty, Is.True);
    }

    [Test]
    public void S9_disconnect_of_an_interrupted_thread_removes_queued_invocations()
    {
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, _ => { });
        signal.Emit(1);

        RunInterrupted(TableOf(signal), handle.Disconnect);

        Assert.That((handle.IsActive, evaluator.PendingCount), Is.EqualTo((false, 0)));
    }

    [Test]
    public void S10_members_work_even_if_their_thread_is_interrupted()
    {
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.Connect(_ => { });

        RunInterrupted(TableOf(signal), () => signal.Connect(_ => { }));
        Assert.That(signal.ConnectionCount, Is.EqualTo(2));
        RunInterrupted(TableOf(signal), () => handle.Block(true));
        Assert.That(handle.IsBlocked, Is.True);
        bool blocked = false;
        RunInterrupted(TableOf(signal), () => blocked = handle.IsBlocked);
        Assert.That(blocked, Is.True);
        RunInterrupted(TableOf(signal), signal.TrimExcess);
        RunInterrupted(TableOf(signal), signal.DisconnectAll);
        Assert.That(signal.IsEmpty, Is.True);
        signal.Connect(_ => { });
        RunInterrupted(TableOf(signal), signal.Dispose);
        Assert.That((signal.IsEmpty, signal.IsDisposed), Is.EqualTo((true, true)));
    }

    [Test]
    public void S10_emission_of_an_interrupted_thread_reaches_slots_that_have_moved()
    {
        var crowd = new Crowd(100);
        using var reached = new ManualResetEventSlim();
        using var moved = new ManualResetEventSlim();
        crowd.Inside[0] = () =>
        {
            reached.Set();
            Bounded.Wait(moved, "the move");
        };
        int[] calls = [];
        Exception? thrown = null;
        var emitter = new Thread(() =>
        {
            try
            {
                calls = crowd.Emit();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        })
        {
            IsBackground = true,
        };
        emitter.Start();
        Bounded.Wait(reached, "the first slot");
        crowd.Disconnect(number => number is > 0 and < 98);
        using (TableOf(crowd.Signal).Enter())
        {
            moved.Set();
            InterruptWaiting(emitter);
        }

        Assert.That(emitter.Join(Bounded.Limit), Is.True);
        Assert.That(thrown, Is.Null);
        Assert.That(calls, Is.EqualTo([0, 98, 99]));
    }

    [Test]
    public void S9_owners_end_their_connections_even_if_their_thread_is_interrupted()
    {
        var signal = new Signal<int>();
        var group = new ConnectionGroup();
        signal.Connect(_ => { }).AddTo(group);
        var scoped = new ScopedConnection(signal.Connect(_ => { }));

        RunInterrupted(LockOf(group), group.Dispose);
        RunInterrupted(LockOf(scoped), scoped.Dispose);

        Assert.That(signal.IsEmpty, Is.True);
    }

    /// <summary>
    /// Runs an action on a thread that is interrupted while it waits for a lock. The interruption must end the thread's next wait instead.
    /// </summary>
    private static void RunInterrupted(SlotTable table, Action action) =>
        RunInterrupted(
            interrupt =>
            {
                using (table.Enter())
                {
                    interrupt();
                }
            },
            action
        );

    /// <inheritdoc cref="RunInterrupted(SlotTable, Action)"/>
    private static void RunInterrupted(object gate, Action action) =>
        RunInterrupted(
            interrupt =>
            {
                lock (gate)
                {
                    interrupt();
                }
            },
            action
        );

    private static void RunInterrupted(Action<Action> lockAround, Action action)
    {
        Exception? thrown = null;
        bool isInterrupted = false;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                thrown = exception;
            }

            try
            {
                Thread.Sleep(1);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        })
        {
            IsBackground = true,
        };
        lockAround(() =>
        {
            thread.Start();
            InterruptWaiting(thread);
        });

        Assert.That(thread.Join(Bounded.Limit), Is.True);
        Assert.That(thrown, Is.Null);
        Assert.That(isInterrupted, Is.True, "the interruption was lost");
    }

    private static void InterruptWaiting(Thread thread)
    {
        Assert.That(SpinWait.SpinUntil(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, Bounded.Limit), Is.True);
        thread.Interrupt();

        // The thread waits again, or has ended with an exception that it should not have thrown.
        SpinWait.SpinUntil(() => !thread.IsAlive, TimeSpan.FromMilliseconds(20));
    }

    private static SlotTable TableOf(SignalBase signal) => signal.RequireTable();

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    private static extern ref object LockOf(ConnectionGroup group);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    private static extern ref object LockOf(ScopedConnection scoped);
}
