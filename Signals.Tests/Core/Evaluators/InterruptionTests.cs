using System.Runtime.CompilerServices;
using System.Threading.Channels;
using NUnit.Framework;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace Signals.Tests.Core.Evaluators;

/// <summary>S9, E4, E10: <see cref="Thread.Interrupt"/> interrupts a thread inside the library.</summary>
[TestFixture]
public sealed class InterruptionTests
{
    private const int Rounds = 2000;

    [Test]
    public void S10_an_interrupted_thread_enters_a_contended_short_lock_and_stays_interrupted()
    {
        var box = new LockBox();
        int rounds = 0;
        int entered = 0;
        int stillInterrupted = 0;
        var watch = Stopwatch.StartNew();
        Worker.RunAll([.. Enumerable.Repeat(EnterAgainAndAgain, 4)]);

        Assert.That((entered, stillInterrupted), Is.EqualTo((rounds, rounds)));

        void EnterAgainAndAgain()
        {
            // On a machine with other work, each yield takes a long time.
            for (int i = 0; i < Rounds && watch.Elapsed < Bounded.Repetition; i++)
            {
                Interlocked.Increment(ref rounds);
                Thread.CurrentThread.Interrupt();
                box.Lock.Enter();
                entered++;
                Thread.Yield();
                box.Lock.Exit();
                if (TakeInterruption())
                {
                    Interlocked.Increment(ref stillInterrupted);
                }
            }
        }
    }

    [Test]
    public void S9_Disconnect_does_not_throw_while_others_wait_for_the_evaluator()
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 1, FullMode = BoundedChannelFullMode.Wait });
        var busy = new Signal<int>();
        busy.ConnectDeferred(evaluator, (int _) => { });
        bool stop = false;
        var others = Enumerable.Range(0, 4).Select(_ => new Worker(() => Until(() => busy.Emit(1)))).ToList();
        others.Add(new Worker(() => Until(() => evaluator.EvaluateDeferredConnections())));

        var disconnecting = new Worker(() =>
        {
            var signal = new Signal<int>();
            for (int i = 0; i < Rounds; i++)
            {
                ConnectionHandle handle = signal.ConnectDeferred(evaluator, (int _) => { });
                Thread.CurrentThread.Interrupt();
                handle.Disconnect();
                TakeInterruption();
            }
        });

        Assert.That(disconnecting.Join, Throws.Nothing);
        Volatile.Write(ref stop, true);
        evaluator.Dispose();
        others.ForEach(other => other.Join());

        void Until(Action action)
        {
            while (!Volatile.Read(ref stop))
            {
                action();
            }
        }
    }

    [Test]
    public void E4_an_interrupted_evaluating_thread_completes_its_round_and_the_evaluator_stays_usable()
    {
        using var evaluator = new ConnectionEvaluator(new ConnectionEvaluatorOptions { Capacity = 1 });
        var signal = new Signal<int>();
        var seen = new List<int>();
        signal.ConnectDeferred(evaluator, seen.Add);
        signal.Emit(1);
        var emitting = new Worker(() => signal.Emit(2));
        emitting.WaitUntilBlocked();
        int returned = 0;
        Worker evaluating;

        // The evaluating thread notifies the one that waits for room. To do so, it must enter the monitor on which that thread waits.
        lock (GateOf(evaluator))
        {
            evaluating = new Worker(() =>
            {
                Thread.CurrentThread.Interrupt();
                returned = evaluator.EvaluateDeferredConnections();
            });
            Bounded.Until(() => evaluating.IsBlocked || !evaluating.IsRunning, "the evaluating thread to wait for the lock");
        }

        Assert.That(evaluating.Join, Throws.Nothing);
        emitting.Join();
        new Worker(() => returned += evaluator.EvaluateDeferredConnections()).Join();
        Assert.That((returned, seen), Is.EqualTo((2, new List<int> { 1, 2 })));
    }

    [Test]
    public void E10_the_thread_of_a_ThreadEvaluator_continues_when_it_is_interrupted_while_it_sleeps()
    {
        using var evaluator = new ThreadEvaluator();
        var signal = new Signal<int>();
        Thread? thread = null;
        using var ran = new SemaphoreSlim(0);
        signal.ConnectDeferred(
            evaluator,
            (int _) =>
            {
                thread = Thread.CurrentThread;
                ran.Release();
            }
        );
        for (int i = 0; i < 20; i++)
        {
            signal.Emit(i);
            Assert.That(ran.Wait(Bounded.Limit), Is.True, "the slot runs");
            thread!.Interrupt();
            if (i % 2 == 0)
            {
                Bounded.Until(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, "the thread to sleep");
                thread.Interrupt();
            }
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_gate")]
    private static extern ref ChangeGate GateOf(ConnectionEvaluator evaluator);

    /// <summary>Returns whether the current thread was interrupted, and clears the interruption.</summary>
    private static bool TakeInterruption()
    {
        try
        {
            Thread.Sleep(0);
            return false;
        }
        catch (ThreadInterruptedException)
        {
            return true;
        }
    }

    private sealed class LockBox
    {
        internal ShortLock Lock;
    }
}
