using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

/// <summary>The queue of an evaluator: behavior that no public member shows, but a memory profile does.</summary>
[TestFixture]
public class InvocationQueueTests
{
    [TestCase(0, 16)]
    [TestCase(7, 16)]
    [TestCase(8, 16)]
    [TestCase(16, 32)]
    [TestCase(1024, 2048)]
    public void Arrays_start_with_16_entries_and_double(int length, int expected)
    {
        Assert.That(QueueSizes.Larger(length), Is.EqualTo(expected));
    }

    [TestCase(1024, 0, 1024)]
    [TestCase(2048, 127, 1024)]
    [TestCase(2048, 128, 2048)]
    [TestCase(4096, 0, 2048)]
    public void Arrays_that_were_mostly_unused_are_halved_unless_they_are_small(int length, int used, int expected)
    {
        int[] array = new int[length];
        int[] before = array;

        bool shrunk = QueueSizes.Shrink(ref array, used);

        Assert.That(shrunk, Is.EqualTo(length != expected));
        Assert.That(array, Has.Length.EqualTo(expected));
        Assert.That(ReferenceEquals(array, before), Is.EqualTo(length == expected));
    }

    [Test]
    public void E4_arrays_stay_as_they_are_when_the_memory_to_replace_them_is_missing()
    {
        // The array is never read or written, but an array of half its length would exceed the memory of any machine.
        Huge[] array = Unsafe.As<Huge[]>(new byte[1 << 26]);
        Huge[] before = array;

        Assert.That(QueueSizes.Shrink(ref array, 0), Is.False);
        Assert.That(ReferenceEquals(array, before), Is.True);

        Huge[] none = [];
        Assert.That(QueueSizes.TryResize(ref none, 1 << 30), Is.False);
        Assert.That(none, Is.Empty);
    }

    [Test]
    public void E3_entries_are_removed_even_without_memory_to_link_them()
    {
        var fixture = new QueueFixture();
        StoredSlot a = fixture.Slot();
        StoredSlot b = fixture.Slot();
        StoredSlot linked = fixture.Slot();
        for (int i = 0; i < 5; i++)
        {
            fixture.Add(a, i);
            fixture.Add(b, 10 + i);
        }

        fixture.Add(linked, 20);
        fixture.Queue.Removal.Remove(linked);
        for (int i = 5; i < 10; i++)
        {
            fixture.Add(a, i);
            fixture.Add(b, 10 + i);
        }

        fixture.Queue.Removal.RemoveUnlinked(a);
        Assert.That(fixture.Queue.PendingCount, Is.EqualTo(10));
        fixture.Add(a, 30);
        fixture.Queue.Removal.Remove(b);

        Assert.That(fixture.RunRound(), Is.EqualTo([(a, 30)]));
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
    public void Removed_entries_are_compacted_instead_of_growing()
    {
        var fixture = new QueueFixture();
        StoredSlot stays = fixture.Slot();
        fixture.Add(stays, -1);
        for (int i = 0; i < 1000; i++)
        {
            StoredSlot goes = fixture.Slot();
            fixture.Add(goes, i);
            fixture.Add(goes, i);
            fixture.Queue.Removal.Remove(goes);
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

        // 15 positions are used, and 6 invocations remain after this: the next addition but one compacts the queue.
        fixture.Queue.Removal.Remove(goes);
        fixture.Add(a, 3);
        fixture.Add(b, 13);
        Assert.That(fixture.Queue.PendingCount, Is.EqualTo(8));
        fixture.Queue.Removal.Remove(a);

        Assert.That(fixture.Queue.PendingCount, Is.EqualTo(4));
        Assert.That(fixture.RunRound(), Is.EqualTo([(b, 10), (b, 11), (b, 12), (b, 13)]));
    }

    [Test]
    public void Dropping_the_oldest_repeatedly_needs_no_more_memory_than_the_queue()
    {
        var fixture = new QueueFixture();
        StoredSlot a = fixture.Slot();
        StoredSlot b = fixture.Slot();
        for (int i = 0; i < 1000; i++)
        {
            if (fixture.Queue.PendingCount == 5)
            {
                fixture.Queue.Removal.TryRemoveOldest();
            }

            fixture.Add(i % 2 == 0 ? a : b, i);
        }

        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);

        Assert.That(round, Has.Length.EqualTo(16));
        Assert.That(fixture.Run(round, count), Is.EqualTo([(b, 995), (a, 996), (b, 997), (a, 998), (b, 999)]));
    }

    [Test]
    public void Dropping_the_newest_repeatedly_uses_one_entry()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        for (int i = 0; i < 1000; i++)
        {
            if (fixture.Queue.PendingCount == 2)
            {
                fixture.Queue.Removal.TryRemoveNewest();
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
        fixture.Queue.Removal.TryRemoveOldest();
        Assert.That(fixture.Queue.PendingCount, Is.EqualTo(2));

        fixture.Queue.Removal.Remove(a);

        Assert.That(fixture.Queue.PendingCount, Is.EqualTo(1));
        Assert.That(fixture.RunRound(), Is.EqualTo([(b, 2)]));
    }

    [Test]
    public void Contains_considers_only_the_next_round()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.LatestSlot();
        bool before = fixture.Queue.Contains(slot);
        fixture.Add(slot, 1);
        bool queued = fixture.Queue.Contains(slot);
        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);
        bool taken = fixture.Queue.Contains(slot);
        fixture.Run(round, count);

        Assert.That((before, queued, taken), Is.EqualTo((false, true, false)));
    }

    [Test]
    public void Removing_during_a_round_does_not_change_the_round()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        fixture.Add(slot, 1);
        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);
        fixture.Add(slot, 2);

        fixture.Queue.Removal.Remove(slot);

        Assert.That(fixture.Queue.PendingCount, Is.Zero);
        Assert.That(fixture.Run(round, count), Is.EqualTo([(slot, 1)]));
        Assert.That(fixture.RunRound(), Is.Empty);
    }

    [Test]
    public void Unstarted_entries_are_counted_from_the_next_one()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        StoredSlot ended = fixture.Slot();
        StoredSlot gone = fixture.Slot();
        fixture.Add(slot, 1);
        fixture.Add(ended, 2);
        fixture.Add(gone, 3);
        fixture.Add(slot, 4);
        fixture.Queue.Removal.Remove(gone);
        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);
        int all = fixture.Queue.CountUnstarted(round, count);
        ended.HasEnded = true;
        int withoutEnded = fixture.Queue.CountUnstarted(round, count);
        var whileRunning = new List<int>();
        fixture.Running = () => whileRunning.Add(fixture.Queue.CountUnstarted(round, count));
        QueuedInvocation[] running = fixture.Queue.Running(out int runningCount);
        fixture.Run(round, count);

        Assert.That((running, runningCount), Is.EqualTo((round, 4)));
        Assert.That((all, withoutEnded), Is.EqualTo((3, 2)));
        Assert.That(whileRunning, Is.EqualTo([1, 0]));
        Assert.That(fixture.Queue.State.Skipped, Is.EqualTo(2));
    }

    [Test]
    public void A_round_continues_after_the_invocation_that_threw()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        StoredSlot throwing = fixture.Slot();
        fixture.Add(slot, 1);
        fixture.Add(throwing, 2);
        fixture.Add(slot, 3);
        QueuedInvocation[] round = fixture.Queue.BeginRound(out int count);
        throwing.Throws = true;
        Assert.That(() => fixture.Queue.Run(round, count), Throws.InvalidOperationException);

        DeferredSlot thrown = fixture.Queue.RemoveThrown(round);

        Assert.That(thrown, Is.SameAs(throwing));
        Assert.That(fixture.Run(round, count), Is.EqualTo([(slot, 1), (slot, 3)]));
        Assert.That(round.Take(count).Select(entry => entry.Slot), Is.All.Null);
        Assert.That(fixture.Queue.State.Skipped, Is.Zero);
    }

    [Test]
    public void Memory_of_a_burst_is_halved_after_each_second_without_load()
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

        // Two arrays alternate, and one of them has not grown in the burst.
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
    public void Load_in_bursts_keeps_its_memory()
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
    public void Clearing_releases_all_entries_and_the_queue_can_be_used_again()
    {
        var fixture = new QueueFixture();
        StoredSlot slot = fixture.Slot();
        fixture.Add(slot, 1);
        fixture.Add(slot, 2);

        fixture.Queue.Clear();

        Assert.That(fixture.Queue.PendingCount, Is.Zero);
        fixture.Add(slot, 3);
        Assert.That(fixture.RunRound(), Is.EqualTo([(slot, 3)]));
    }

    [Test]
    public void Removing_slots_one_after_the_other_between_additions_leaves_the_others()
    {
        var fixture = new QueueFixture();
        StoredSlot a = fixture.Slot();
        StoredSlot b = fixture.Slot();
        StoredSlot c = fixture.Slot();
        fixture.Add(a, 1);
        fixture.Add(b, 2);
        fixture.Add(c, 3);
        fixture.Queue.Removal.Remove(c);
        fixture.Add(a, 4);
        fixture.Add(b, 5);
        fixture.Queue.Removal.Remove(b);
        fixture.Add(a, 6);

        Assert.That(fixture.Queue.PendingCount, Is.EqualTo(3));
        Assert.That(fixture.RunRound(), Is.EqualTo([(a, 1), (a, 4), (a, 6)]));
    }

    [Test]
    public void Removing_a_slot_whose_newest_entry_was_dropped_removes_the_earlier_ones()
    {
        var fixture = new QueueFixture();
        StoredSlot a = fixture.Slot();
        StoredSlot b = fixture.Slot();
        StoredSlot c = fixture.Slot();
        fixture.Add(a, 1);
        fixture.Add(b, 2);
        fixture.Add(a, 3);
        fixture.Queue.Removal.Remove(c);
        fixture.Queue.Removal.TryRemoveNewest();
        fixture.Add(b, 4);

        fixture.Queue.Removal.Remove(a);

        Assert.That(fixture.RunRound(), Is.EqualTo([(b, 2), (b, 4)]));
    }

    [Test]
    public void A_slot_that_keeps_its_latest_is_found_again_after_a_compaction_and_when_others_have_been_removed()
    {
        var fixture = new QueueFixture();
        StoredSlot latest = fixture.LatestSlot();
        StoredSlot goes = fixture.Slot();
        StoredSlot stays = fixture.Slot();
        for (int i = 0; i < 10; i++)
        {
            fixture.Add(goes, i);
        }

        fixture.Add(latest, 100);
        fixture.Add(stays, 10);
        fixture.Queue.Removal.Remove(goes);
        bool linked = fixture.Queue.Contains(latest);
        for (int i = 11; i < 17; i++)
        {
            fixture.Add(stays, i);
        }

        bool compacted = fixture.Queue.Contains(latest);
        fixture.Queue.Removal.Remove(latest);

        Assert.That((linked, compacted, fixture.Queue.Contains(latest)), Is.EqualTo((true, true, false)));
        Assert.That(fixture.RunRound(), Is.EqualTo(Enumerable.Range(10, 7).Select(i => (stays, i))));
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
    public void Store_keeps_arguments_at_their_locations([Values(6, 7)] long round)
    {
        var store = new ArgumentStore<string>();
        long[] places = [.. Enumerable.Range(0, 40).Select(i => store.Add($"{i}", round))];

        store.Replace(places[7], "seven");
        store.Release(places[8]);
        store.Drop(places[39]);
        long last = store.Add("last", round);
        store.Add("next round", round + 1);

        Assert.That(places, Is.Unique);
        Assert.That(last, Is.EqualTo(places[39]));
        Assert.That(
            places.Select(store.Take),
            Is.EqualTo(
                Enumerable
                    .Range(0, 40)
                    .Select(i =>
                        i switch
                        {
                            7 => "seven",
                            8 => null,
                            39 => "last",
                            _ => $"{i}",
                        }
                    )
            )
        );
    }

    [Test]
    public void Store_reuses_the_locations_of_a_round_after_the_next_one()
    {
        var store = new ArgumentStore<int>();
        long first = store.Add(1, round: 0);
        long second = store.Add(2, round: 1);
        int ran = store.Take(first);

        long third = store.Add(3, round: 2);

        Assert.That((ran, third), Is.EqualTo((1, first)));
        Assert.That((store.Take(second), store.Take(third)), Is.EqualTo((2, 3)));
    }

    [Test]
    public void Store_refuses_arguments_for_which_its_array_has_no_room()
    {
        var store = new ArgumentStore<int>();

        bool added = store.TryAdd(1, 0, out _);
        store.Add(1, 0);
        bool addedNow = store.TryAdd(2, 0, out long argument);

        Assert.That((added, addedNow, store.Take(argument)), Is.EqualTo((false, true, 2)));
    }

    [Test]
    public void Store_releases_arguments_that_were_taken()
    {
        var store = new ArgumentStore<string>();
        long a = store.Add("a", 0);

        string taken = store.Take(a);

        Assert.That((taken, store.Take(a)), Is.EqualTo(("a", (string?)null)));
    }

    [Test]
    public void Store_compaction_closes_gaps_and_clears_the_rest([Values(6, 7)] long round)
    {
        var store = new ArgumentStore<string>();
        long[] places = [.. ((string[])["a", "b", "c", "d"]).Select(value => store.Add(value, round))];

        store.BeginCompaction(round);
        long[] compacted = [store.Compact(places[1]), store.Compact(places[3])];
        store.EndCompaction(round);
        long next = store.Add("e", round);

        Assert.That((long[])[.. compacted, next], Is.EqualTo(places[..3]));
        Assert.That(places.Select(store.Take), Is.EqualTo<string?>(["b", "d", "e", null]));
    }

    [Test]
    public void Compaction_does_not_change_a_store_without_arguments_of_the_round()
    {
        var store = new ArgumentStore<string>();
        long running = store.Add("running", 0);

        store.BeginCompaction(1);
        store.EndCompaction(1);

        Assert.That(store.Take(running), Is.EqualTo("running"));
        Assert.That(store.Take(store.Add("queued", 1)), Is.EqualTo("queued"));
    }

    [TestCase(new long[0], 0, false)]
    [TestCase(new long[] { 1 }, 0, false)]
    [TestCase(new long[] { 1, 2 }, 2, true)]
    [TestCase(new long[] { 1, 2, 3 }, 2, true)]
    [TestCase(new long[] { 1 }, 2, true)]
    public void Store_halves_memory_that_a_round_mostly_did_not_use(long[] laterRounds, long round, bool halved)
    {
        const int Places = 4096;
        var store = new ArgumentStore<Kilobyte>();
        for (int i = 0; i < Places; i++)
        {
            store.Add(default, 0);
        }

        Array.ForEach(laterRounds, later => store.Add(default, later));
        long before = Garbage.RetainedBytes();
        store.Shrink(round);
        long givenBack = before - Garbage.RetainedBytes();

        GC.KeepAlive(store);
        Assert.That(givenBack / 1024, Is.EqualTo(halved ? Places / 2 : 0).Within(Places / 10));
    }

    [Test]
    public void Store_that_is_cleared_starts_again()
    {
        var store = new ArgumentStore<int>();
        long first = store.Add(1, 0);
        store.Add(2, 0);

        store.Clear(0);
        long again = store.Add(3, 0);

        Assert.That((again, store.Take(again)), Is.EqualTo((first, 3)));
    }

    [TestCase(typeof(bool), true)]
    [TestCase(typeof(int), true)]
    [TestCase(typeof(long), true)]
    [TestCase(typeof(double), true)]
    [TestCase(typeof(DayOfWeek), true)]
    [TestCase(typeof((int, int)), true)]
    [TestCase(typeof((long, bool)), false)]
    [TestCase(typeof(decimal), false)]
    [TestCase(typeof(string), false)]
    [TestCase(typeof((byte, string)), false)]
    public void Small_arguments_without_references_are_stored_in_the_entry(Type type, bool fits)
    {
        object? result = typeof(InlineArgument<>)
            .MakeGenericType(type)
            .GetProperty(nameof(InlineArgument<>.Fits), BindingFlags.Static | BindingFlags.NonPublic)!
            .GetValue(null);

        Assert.That(result, Is.EqualTo(fits));
    }

    [InlineArray(1024)]
    private struct Kilobyte
    {
        private byte _first;
    }

    /// <summary>Value of nearly the maximum element size: 32 million of them need two terabytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 60_000)]
    private readonly struct Huge;

    private sealed class QueueFixture
    {
        private readonly ArgumentStore<(int Value, string Text)> _store;
        private readonly List<(StoredSlot Slot, int Value)> _ran = [];

        internal QueueFixture()
        {
            Queue = new InvocationQueue(Time);
            _store = Queue.StoreOf<(int, string)>();
        }

        internal FakeTime Time { get; } = new();

        internal InvocationQueue Queue { get; }

        internal ArgumentStore<(int Value, string Text)> Store => _store;

        /// <summary>Gets or sets the delegate that is called after each slot has run.</summary>
        internal Action? Running { get; set; }

        internal StoredSlot Slot() => new(new ConnectionEvaluator(), this);

        internal StoredSlot LatestSlot() => new(new ConnectionEvaluator(), this) { KeepsLatest = true, IsAlwaysQueued = false };

        internal void Add(DeferredSlot slot, int value) => Queue.Add(slot, _store, (value, $"{value}"));

        internal List<(StoredSlot Slot, int Value)> RunRound()
        {
            QueuedInvocation[] round = Queue.BeginRound(out int count);
            return Run(round, count);
        }

        internal List<(StoredSlot Slot, int Value)> Run(QueuedInvocation[] round, int count)
        {
            Queue.Run(round, count);
            if (Queue.EndRound())
            {
                Queue.Shrink();
            }

            List<(StoredSlot, int)> ran = [.. _ran];
            _ran.Clear();
            return ran;
        }

        /// <summary>Records the arguments with which a slot runs.</summary>
        internal void Note(StoredSlot slot, long argument)
        {
            (int value, string text) = _store.Take(argument);
            Assert.That(text, Is.EqualTo($"{value}"));
            _ran.Add((slot, value));
            Running?.Invoke();
        }
    }

    /// <summary>Slot whose arguments are in the store of a test.</summary>
    private sealed class StoredSlot(ConnectionEvaluator evaluator, QueueFixture fixture) : DeferredSlot(evaluator, () => { })
    {
        internal bool Throws { get; set; }

        internal override bool RunQueued(ref long argument)
        {
            if (Throws)
            {
                throw new InvalidOperationException();
            }

            fixture.Note(this, argument);
            return true;
        }

        internal override void ReleaseArgument(long argument) => fixture.Store.Release(argument);

        internal override void DropArgument(long argument) => fixture.Store.Drop(argument);

        internal override long CompactArgument(long argument) => fixture.Store.Compact(argument);
    }
}
