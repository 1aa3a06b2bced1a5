using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

/// <summary>The queue inside an evaluator: what no public member shows, and a memory profile would.</summary>
[TestFixture]
public class InvocationQueueTests
{
    [TestCase(0, 16)]
    [TestCase(7, 16)]
    [TestCase(8, 16)]
    [TestCase(16, 32)]
    [TestCase(1024, 2048)]
    public void Arrays_start_with_16_places_and_double(int length, int expected)
    {
        Assert.That(QueueSizes.Larger(length), Is.EqualTo(expected));
    }

    [TestCase(1024, 0, 1024)]
    [TestCase(2048, 127, 1024)]
    [TestCase(2048, 128, 2048)]
    [TestCase(4096, 0, 2048)]
    public void Arrays_of_which_little_was_needed_are_halved_unless_they_are_small(int length, int used, int expected)
    {
        int[] array = new int[length];
        int[] before = array;

        bool shrunk = QueueSizes.Shrink(ref array, used);

        Assert.That(shrunk, Is.EqualTo(length != expected));
        Assert.That(array, Has.Length.EqualTo(expected));
        Assert.That(ReferenceEquals(array, before), Is.EqualTo(length == expected));
    }

    [Test]
    public void Queue_grows_beyond_16_and_keeps_order_and_arguments()
    {
        var fixture = new QueueFixture();
        StoredSlot a = fixture.Slot();
        StoredSlot b = fixture.Slot();
        for (int i = 0; i < 100; i++)
        {
            fixture.Add(i % 3 == 0 ? a : b, i);
        }

        Assert.That(fixture.Queue.PendingCount, Is.EqualTo(100));
        Assert.That(fixture.RunRound(), Is.EqualTo(Enumerable.Range(0, 100).Select(i => (i % 3 == 0 ? a : b, i))));
        Assert.That(fixture.Queue.PendingCount, Is.Zero);
    }

    [Test]
    public void Taken_back_entries_are_compacted_instead_of_growing()
    {
        var fixture = new QueueFixture();
        StoredSlot stays = fixture.Slot();
        fixture.Add(stays, -1);
        for (int i = 0; i < 1000; i++)
        {
            StoredSlot goes = fixture.Slot();
            fixture.Add(goes, i);
            fixture.Add(goes, i);
            fixture.Queue.Remove(goes);
        }

        fixture.Add(stays, -2);
        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);

        Assert.That(round, Has.Length.EqualTo(16));
        Assert.That(fixture.Run(round, count), Is.EqualTo([(stays, -1), (stays, -2)]));
    }

    [Test]
    public void Compaction_keeps_the_chains_through_each_slots_entries()
    {
        var fixture = new QueueFixture();
        StoredSlot a = fixture.Slot();
        StoredSlot b = fixture.Slot();
        StoredSlot goes = fixture.Slot();
        for (int i = 0; i < 3; i++)
        {
            fixture.Add(goes, 100 + i);
            fixture.Add(a, i);
            fixture.Add(goes, 200 + i);
            fixture.Add(b, 10 + i);
            fixture.Add(goes, 300 + i);
        }

        // 15 places are used, 6 are left after this: the next but one compacts.
        fixture.Queue.Remove(goes);
        fixture.Add(a, 3);
        fixture.Add(b, 13);
        Assert.That(fixture.Queue.PendingCount, Is.EqualTo(8));
        fixture.Queue.Remove(a);

        Assert.That(fixture.Queue.PendingCount, Is.EqualTo(4));
        Assert.That(fixture.RunRound(), Is.EqualTo([(b, 10), (b, 11), (b, 12), (b, 13)]));
    }

    [Test]
    public void Dropping_the_oldest_for_ever_needs_no_more_memory_than_the_queue()
    {
        var fixture = new QueueFixture();
        StoredSlot a = fixture.Slot();
        StoredSlot b = fixture.Slot();
        for (int i = 0; i < 1000; i++)
        {
            if (fixture.Queue.PendingCount == 5)
            {
                fixture.Queue.RemoveOldest();
            }

            fixture.Add(i % 2 == 0 ? a : b, i);
        }

        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);

        Assert.That(round, Has.Length.EqualTo(16));
        Assert.That(fixture.Run(round, count), Is.EqualTo([(b, 995), (a, 996), (b, 997), (a, 998), (b, 999)]));
    }

    [Test]
    public void Dropping_the_newest_for_ever_uses_one_place()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        for (int i = 0; i < 1000; i++)
        {
            if (fixture.Queue.PendingCount == 2)
            {
                fixture.Queue.RemoveNewest();
            }

            fixture.Add(slot, i);
        }

        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);

        Assert.That((round.Length, count), Is.EqualTo((16, 2)));
        Assert.That(fixture.Run(round, count), Is.EqualTo([(slot, 0), (slot, 999)]));
    }

    [Test]
    public void Removing_a_slot_after_its_oldest_entry_was_dropped_ends_at_the_gap()
    {
        var fixture = new QueueFixture();
        StoredSlot a = fixture.Slot();
        StoredSlot b = fixture.Slot();
        fixture.Add(a, 1);
        fixture.Add(b, 2);
        fixture.Add(a, 3);
        fixture.Queue.RemoveOldest();
        Assert.That(fixture.Queue.Contains(a), Is.True);

        fixture.Queue.Remove(a);

        Assert.That((fixture.Queue.Contains(a), fixture.Queue.Contains(b), fixture.Queue.PendingCount), Is.EqualTo((false, true, 1)));
        Assert.That(fixture.RunRound(), Is.EqualTo([(b, 2)]));
    }

    [Test]
    public void Contains_is_about_the_next_round_only()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        bool before = fixture.Queue.Contains(slot);
        fixture.Add(slot, 1);
        bool queued = fixture.Queue.Contains(slot);
        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);
        bool taken = fixture.Queue.Contains(slot);
        fixture.Run(round, count);

        Assert.That((before, queued, taken), Is.EqualTo((false, true, false)));
    }

    [Test]
    public void Removing_during_a_round_leaves_the_round_as_it_is()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        fixture.Add(slot, 1);
        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);
        fixture.Add(slot, 2);

        fixture.Queue.Remove(slot);

        Assert.That(fixture.Queue.PendingCount, Is.Zero);
        Assert.That(fixture.Run(round, count), Is.EqualTo([(slot, 1)]));
        Assert.That(fixture.RunRound(), Is.Empty);
    }

    [Test]
    public void Unstarted_entries_are_counted_from_the_one_that_is_next()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        StoredSlot ended = fixture.Slot();
        StoredSlot gone = fixture.Slot();
        fixture.Add(slot, 1);
        fixture.Add(ended, 2);
        fixture.Add(gone, 3);
        fixture.Add(slot, 4);
        fixture.Queue.Remove(gone);
        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);
        int all = fixture.Queue.CountUnstarted(round, count);
        ended.HasEnded = true;
        int withoutEnded = fixture.Queue.CountUnstarted(round, count);
        fixture.Queue.RunningNext = 1;

        Assert.That((all, withoutEnded, fixture.Queue.CountUnstarted(round, count)), Is.EqualTo((3, 2, 1)));
        Assert.That((fixture.Queue.Running(out int running), running), Is.EqualTo((round, 4)));
    }

    [Test]
    public void Memory_of_a_burst_is_given_back_by_halves_after_each_calm_second()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        for (int i = 0; i < 5000; i++)
        {
            fixture.Add(slot, i);
        }

        fixture.RunRound();
        List<int> SmallRounds()
        {
            var lengths = new List<int>();
            for (int round = 0; round < 6; round++)
            {
                fixture.Add(slot, round);
                QueuedInvocation[] running = fixture.Queue.BeginRound(out int count);
                lengths.Add(running.Length);
                fixture.Run(running, count);
            }

            return lengths;
        }

        // Two arrays take turns, and one of them never saw the burst.
        Assert.That(SmallRounds(), Is.EqualTo([16, 8192, 16, 8192, 16, 8192]));
        fixture.Time.Advance(TimeSpan.FromSeconds(0.999));
        Assert.That(SmallRounds(), Is.EqualTo([16, 8192, 16, 8192, 16, 8192]));
        fixture.Time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.That(SmallRounds(), Is.EqualTo([16, 8192, 16, 4096, 16, 4096]));
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SmallRounds(), Is.EqualTo([16, 4096, 16, 2048, 16, 2048]));
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(SmallRounds(), Is.EqualTo([16, 2048, 16, 1024, 16, 1024]));
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(SmallRounds(), Is.EqualTo([16, 1024, 16, 1024, 16, 1024]));
    }

    [Test]
    public void Load_that_comes_in_bursts_keeps_its_memory()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        for (int burst = 0; burst < 6; burst++)
        {
            for (int i = 0; i < 2000; i++)
            {
                fixture.Add(slot, i);
            }

            QueuedInvocation[] running = fixture.Queue.BeginRound(out int count);
            Assert.That(running, Has.Length.EqualTo(2048));
            fixture.Run(running, count);
            fixture.Add(slot, burst);
            fixture.Time.Advance(TimeSpan.FromSeconds(0.6));
            fixture.RunRound();
            fixture.RunRound();
        }
    }

    [Test]
    public void A_round_leaves_no_entry_behind()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        for (int i = 0; i < 20; i++)
        {
            fixture.Add(slot, i);
        }

        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);
        fixture.Run(round, count);

        Assert.That(round.Select(entry => entry.Slot), Is.All.Null);
        fixture.Queue.Running(out int left);
        Assert.That(left, Is.Zero);
    }

    [Test]
    public void Clearing_gives_up_everything_and_the_queue_can_be_used_again()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        fixture.Add(slot, 1);
        fixture.Add(slot, 2);

        fixture.Queue.Clear();

        Assert.That((fixture.Queue.PendingCount, fixture.Queue.Contains(slot)), Is.EqualTo((0, false)));
        fixture.Add(slot, 3);
        Assert.That(fixture.RunRound(), Is.EqualTo([(slot, 3)]));
    }

    [Test]
    public void There_is_one_store_for_each_type_of_arguments()
    {
        var queue = new InvocationQueue(TimeProvider.System);

        ArgumentStore<int> numbers = queue.StoreOf<int>();
        ArgumentStore<string> texts = queue.StoreOf<string>();

        Assert.That(queue.StoreOf<int>(), Is.SameAs(numbers));
        Assert.That(queue.StoreOf<string>(), Is.SameAs(texts));
    }

    [Test]
    public void Store_keeps_arguments_at_their_places()
    {
        var store = new ArgumentStore<string>();
        for (int i = 0; i < 40; i++)
        {
            Assert.That(store.Add($"{i}"), Is.EqualTo(i));
        }

        store.Replace(7, "seven");
        store.Forget(8);
        store.Drop(39);
        Assert.That(store.Add("last"), Is.EqualTo(39));
        store.Swap();

        Assert.That(
            Enumerable.Range(0, 40).Select(place => store.Running(place)),
            Is.EqualTo(Enumerable.Range(0, 40).Select(i => i switch { 7 => "seven", 8 => null, 39 => "last", _ => $"{i}" }))
        );
        Assert.That(store.Add("next round"), Is.Zero);
    }

    [Test]
    public void Store_forgets_what_has_been_run()
    {
        var store = new ArgumentStore<string>();
        store.Add("a");
        store.Add("b");
        store.Swap();

        store.ClearRunning(shrink: false);

        Assert.That((store.Running(0), store.Running(1)), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public void Store_compaction_closes_gaps_and_forgets_what_is_behind()
    {
        var store = new ArgumentStore<string>();
        foreach (string value in (string[])["a", "b", "c", "d"])
        {
            store.Add(value);
        }

        store.BeginCompaction();
        int[] places = [store.Compact(1), store.Compact(3)];
        store.EndCompaction();
        int next = store.Add("e");
        store.Swap();

        Assert.That((places[0], places[1], next), Is.EqualTo((0, 1, 2)));
        Assert.That(
            Enumerable.Range(0, 4).Select(place => store.Running(place)),
            Is.EqualTo<string?>(["b", "d", "e", null])
        );
    }

    [Test]
    public void Store_that_is_cleared_starts_again()
    {
        var store = new ArgumentStore<int>();
        store.Add(1);
        store.Add(2);

        store.ClearPending();

        Assert.That(store.Add(3), Is.Zero);
        store.Swap();
        Assert.That(store.Running(0), Is.EqualTo(3));
    }

    private sealed class QueueFixture
    {
        private readonly ArgumentStore<int> _store;

        internal QueueFixture()
        {
            Queue = new InvocationQueue(Time);
            _store = Queue.StoreOf<int>();
        }

        internal ManualTime Time { get; } = new();

        internal InvocationQueue Queue { get; }

        internal StoredSlot Slot() => new(new ConnectionEvaluator(), _store);

        internal void Add(DeferredSlot slot, int value) => Queue.Add(slot, _store, value);

        internal List<(StoredSlot Slot, int Value)> RunRound()
        {
            QueuedInvocation[] round = Queue.BeginRound(out int count);
            return Run(round, count);
        }

        internal List<(StoredSlot Slot, int Value)> Run(QueuedInvocation[] round, int count)
        {
            var ran = new List<(StoredSlot, int)>();
            foreach (QueuedInvocation entry in round.Take(count).Where(entry => entry.Slot is not null))
            {
                ran.Add(((StoredSlot)entry.Slot!, _store.Running(entry.Argument)));
            }

            Queue.ClearRound();
            Queue.EndRound();
            return ran;
        }
    }

    /// <summary>A slot whose arguments are in the store of a test.</summary>
    private sealed class StoredSlot(ConnectionEvaluator evaluator, ArgumentStore<int> store)
        : DeferredSlot(evaluator, () => { }, ConnectionKind.Deferred)
    {
        internal override bool RunQueued(int argument) => throw new NotSupportedException();

        internal override void ForgetArgument(int argument) => store.Forget(argument);

        internal override void DropArgument(int argument) => store.Drop(argument);

        internal override int CompactArgument(int argument) => store.Compact(argument);
    }
}
