using NUnit.Framework;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

/// <summary>C11: the order of the frames that wait for room.</summary>
[TestFixture]
internal sealed class FrameQueueTests
{
    [Test]
    public void C11_frames_are_sent_in_order_even_if_others_between_them_are_removed([Values(1, 10, 1_000)] int seed)
    {
        var random = new Random(seed);
        var queue = new FrameQueue();
        var expected = new List<IQueuedFrame>();
        for (int i = 0; i < 10_000; i++)
        {
            switch (random.Next(expected.Count > 300 ? 6 : 4))
            {
                case 0 or 1:
                    expected.Add(NewFrame());
                    queue.Add(expected[^1]);
                    break;
                case 2 or 4 when expected.Count > 0:
                    int place = random.Next(expected.Count);
                    Assert.That(queue.Remove(expected[place]), Is.True);
                    Assert.That(queue.Remove(expected[place]), Is.False, "It has left.");
                    expected.RemoveAt(place);
                    break;
                case 3 or 5 when expected.Count > 0:
                    Assert.That(queue.TryTake(out IQueuedFrame? first), Is.True);
                    Assert.That(first, Is.SameAs(expected[0]));
                    Assert.That(first!.IsQueued, Is.False);
                    expected.RemoveAt(0);
                    break;
            }

            Assert.That(queue.IsEmpty, Is.EqualTo(expected.Count == 0));
        }

        Assert.That(queue.RemoveAll(static _ => true), Is.EqualTo(expected));
        Assert.That(queue.IsEmpty, Is.True);
        Assert.That(queue.TryTake(out _), Is.False);
    }

    [Test]
    public void C11_frames_that_were_removed_are_not_kept_for_long()
    {
        const int Count = 1_000;
        var queue = new FrameQueue();
        queue.Add(NewFrame());
        var removed = new List<WeakReference>();
        AddAndRemove();
        GC.Collect();
        Assert.That(removed.Count(static frame => frame.IsAlive), Is.LessThan(100));
        GC.KeepAlive(queue);

        // In a method of its own, so that no local variable keeps them.
        void AddAndRemove()
        {
            for (int i = 0; i < Count; i++)
            {
                QueuedFrame frame = NewFrame();
                queue.Add(frame);
                Assert.That(queue.Remove(frame), Is.True);
                removed.Add(new WeakReference(frame));
            }
        }
    }

    private static QueuedFrame NewFrame() => new(new MessageFrame(new IPCFrame()));
}
