using NUnit.Framework;

namespace Signals.Tests.Core.Threading;

[TestFixture]
public sealed class UninterruptibleTests
{
    [Test]
    public void S9_an_interrupted_thread_enters_a_lock_when_it_is_free_and_stays_interrupted()
    {
        object gate = new();
        Thread? thread = null;
        bool entered = false;
        bool stillInterrupted = false;
        Worker worker;
        lock (gate)
        {
            worker = new Worker(() =>
            {
                Volatile.Write(ref thread, Thread.CurrentThread);
                using (Uninterruptible.Enter(gate))
                {
                    entered = Monitor.IsEntered(gate);
                }

                try
                {
                    Thread.Sleep(0);
                }
                catch (ThreadInterruptedException)
                {
                    stillInterrupted = true;
                }
            });
            Bounded.Until(() => Volatile.Read(ref thread) is not null, "the thread");
            worker.WaitUntilBlocked();
            thread!.Interrupt();
            thread.Interrupt();
        }

        worker.Join();
        Assert.That((entered, stillInterrupted), Is.EqualTo((true, true)));
        Assert.That(Monitor.TryEnter(gate), Is.True, "the monitor was exited");
        Monitor.Exit(gate);
    }

    [Test]
    public void S9_a_thread_that_was_not_interrupted_is_not_interrupted_afterwards()
    {
        object gate = new();
        using (Uninterruptible.Enter(gate))
        {
            Assert.That(Monitor.IsEntered(gate), Is.True);
        }

        Assert.That(Monitor.IsEntered(gate), Is.False);
        Assert.That(() => Thread.Sleep(0), Throws.Nothing);
    }
}
