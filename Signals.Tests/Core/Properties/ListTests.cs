using System.Collections.Specialized;
using System.ComponentModel;
using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class ListTests
{
    [Test]
    public void P17_edits_are_told_one_by_one_in_order_also_in_a_batch()
    {
        var list = new SignalList<string>(["a"]);
        List<string> log = LogOf(list);

        list.Add("b");
        using (Property.Batch())
        {
            list.AddRange(["c", "d"]);
            list[0] = "A";
            list.Move(0, 2);
            list.RemoveAt(1);
            Assert.That(log, Has.Count.EqualTo(1));
        }

        Assert.That(log, Is.EqualTo((string[])["+1 b", "+2 c", "+3 d", "=0 a A", "0>2 A", "-1 c"]));
    }

    [Test]
    public void P17_moves_to_the_same_place_and_clearing_an_empty_list_are_nothing()
    {
        var list = new SignalList<string>(["a", "b"]);
        List<string> log = LogOf(list);

        list.Move(1, 1);
        list.Clear();
        list.Clear();

        Assert.That(log, Is.EqualTo((string[])["clear"]));
        Assert.That(() => list.Move(0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => list.RemoveAt(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => list.Insert(1, "x"), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => list[0], Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void P17_reads_are_tracked_and_readers_run_once_for_each_batch()
    {
        var list = new SignalList<int>([1, 2, 3]);
        int runs = 0;
        Computed<int> sum = Computed.Of(() =>
        {
            runs++;
            return list.Sum();
        });
        var told = new List<int>();
        sum.Connect(told.Add);
        using Effect effect = Effect.Run(() => told.Add(list.Count > 0 ? list[0] : -1));
        told.Clear();
        runs = 0;

        list.AddRange([4, 5]);
        using (Property.Batch())
        {
            list.Add(6);
            list.RemoveAt(0);
        }

        Assert.That(runs, Is.EqualTo(2));
        Assert.That(told, Is.EqualTo((int[])[15, 1, 20, 2]));
    }

    [Test]
    public void P17_editing_inside_a_computation_throws()
    {
        var list = new SignalList<int>();
        Computed<int> edits = Computed.Of(() =>
        {
            list.Add(1);
            return 1;
        });

        Assert.That(() => edits.Value, Throws.TypeOf<PropertyCycleException>());
        Assert.That(list, Is.Empty);
    }

    [Test]
    public void P17_an_enumeration_goes_over_what_the_list_held_at_its_beginning()
    {
        var list = new SignalList<int>([1, 2, 3]);
        var seen = new List<int>();

        foreach (int item in list)
        {
            seen.Add(item);
            list.Insert(0, 10 + item);
            list.RemoveAt(list.Count - 1);
            list.Add(0);
            list[0] = 99;
            if (item == 2)
            {
                list.Clear();
            }
        }

        Assert.That(seen, Is.EqualTo((int[])[1, 2, 3]));
    }

    [Test]
    public void P17_collection_changed_is_raised_with_the_list_exactly_as_the_event_says()
    {
        var list = new SignalList<int>([1]);
        var log = new List<string>();
        list.CollectionChanged += (_, args) => log.Add($"{args.Action} {args.NewStartingIndex} {args.OldStartingIndex}: {string.Join(",", list)}");

        list.Add(2);
        list.Insert(0, 0);
        list.Move(0, 2);
        list[1] = 5;
        list.RemoveAt(0);
        using (Property.Batch())
        {
            list.Add(7);
            list.Add(8);
        }

        list.Clear();

        Assert.That(
            log,
            Is.EqualTo(
                (string[])
                    [
                        "Add 1 -1: 1,2",
                        "Add 0 -1: 0,1,2",
                        "Move 2 0: 1,2,0",
                        "Replace 1 1: 1,5,0",
                        "Remove -1 0: 5,0",
                        "Reset -1 -1: 5,0,7,8",
                        "Reset -1 -1: ",
                    ]
            )
        );
    }

    [Test]
    public void P17_an_edit_made_in_a_slot_gives_one_reset()
    {
        var list = new SignalList<int>();
        var log = new List<string>();
        List<int> copy = CopyOf(list);
        list.Inserted.Connect(
            (_, item) =>
            {
                if (item == 1)
                {
                    list.Insert(0, 2);
                }
            }
        );
        list.CollectionChanged += (_, args) =>
        {
            log.Add($"{args.Action}: {string.Join(",", list)}");
            if (list.Count == 3)
            {
                list.Add(9);
            }
        };
        list.CollectionChanged += (_, args) => log.Add($"second {args.Action}");

        list.Add(1);
        Assert.That(log, Is.EqualTo((string[])["Reset: 2,1", "second Reset"]));
        log.Clear();
        list.Add(3);

        Assert.That(log, Is.EqualTo((string[])["Add: 2,1,3", "Reset: 2,1,3,9", "second Reset"]));
        Assert.That(copy, Is.EqualTo(list));
    }

    [Test]
    public void P17_replaying_random_edits_onto_a_copy_gives_the_list([Range(1, 30)] int seed)
    {
        var random = new Random(seed);
        var list = new SignalList<int>([1, 2, 3]);
        var expected = new List<int> { 1, 2, 3 };
        List<int> copy = CopyOf(list);
        var events = new List<int>(list);
        list.CollectionChanged += (_, args) => Apply(events, args, list);
        int budget = 0;
        list.Inserted.Connect((_, _) => EditInSlot());
        list.Removed.Connect((_, _) => EditInSlot());
        void EditInSlot()
        {
            if (budget > 0)
            {
                budget--;
                EditRandomly(random, list, expected);
            }
        }

        for (int step = 0; step < 200; step++)
        {
            budget = random.Next(3);
            if (random.Next(3) == 0)
            {
                using (Property.Batch())
                {
                    for (int i = random.Next(4); i >= 0; i--)
                    {
                        EditRandomly(random, list, expected);
                    }
                }
            }
            else
            {
                EditRandomly(random, list, expected);
            }

            Assert.That(list.ToArray(), Is.EqualTo(expected));
            Assert.That(copy, Is.EqualTo(expected));
            Assert.That(events, Is.EqualTo(expected));
        }
    }

    [Test]
    public void P17_edits_of_several_threads_are_told_in_their_order()
    {
        var list = new SignalList<int>();
        List<int> copy = CopyOf(list);
        void Edit(int first)
        {
            var random = new Random(first);
            for (int i = 0; i < 2000; i++)
            {
                if (random.Next(3) > 0)
                {
                    list.Insert(0, first + i);
                }
                else
                {
                    list.Remove(first + i - 1);
                }

                Assert.That(list.ToArray(), Is.Not.Null);
                foreach (int _ in list) { }
            }
        }

        Worker.RunAll(() => Edit(0), () => Edit(100_000));

        Assert.That(copy, Is.EqualTo(list.ToArray()));
    }

    [Test]
    public void P17_a_disposed_list_can_be_read()
    {
        var list = new SignalList<int>([1]);
        ConnectionHandle handle = list.Inserted.Connect((_, _) => { });
        list.Dispose();

        Assert.That((list.Count, handle.IsActive), Is.EqualTo((1, false)));
        Assert.That(() => list.Add(2), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void P17_property_changed_names_the_count_and_the_items()
    {
        var list = new SignalList<int>();
        var log = new List<string?>();
        void OnChanged(object? sender, PropertyChangedEventArgs args)
        {
            Assert.That(sender, Is.SameAs(list));
            log.Add(args.PropertyName);
        }

        list.PropertyChanged += OnChanged;
        list.Add(1);
        Assert.That(Taken(), Is.EqualTo((string[])["Count", "Item[]"]));
        list[0] = 2;
        Assert.That(Taken(), Is.EqualTo((string[])["Item[]"]));
        using (Property.Batch())
        {
            list.Add(3);
            list[0] = 4;
        }

        Assert.That(Taken(), Is.EqualTo((string[])["Count", "Item[]"]), "one reset");
        list.Move(0, 1);
        Assert.That(Taken(), Is.EqualTo((string[])["Item[]"]));
        list.RemoveAt(0);
        Assert.That(Taken(), Is.EqualTo((string[])["Count", "Item[]"]));
        list.Clear();
        Assert.That(Taken(), Is.EqualTo((string[])["Count", "Item[]"]));
        list.PropertyChanged -= OnChanged;
        list.Add(5);
        Assert.That(Taken(), Is.Empty);

        string?[] Taken()
        {
            string?[] taken = [.. log];
            log.Clear();
            return taken;
        }
    }

    [Test]
    public void P17_what_slots_and_handlers_throw_is_thrown_together_after_all_have_run()
    {
        var list = new SignalList<int>();
        int calls = 0;
        list.Inserted.Connect((_, _) => throw new FormatException());
        list.PropertyChanged += (_, _) => throw new InvalidCastException();
        list.PropertyChanged += (_, _) => calls++;
        list.CollectionChanged += (_, _) => throw new TimeoutException();
        list.CollectionChanged += (_, _) => calls++;

        AggregateException? thrown = Assert.Throws<AggregateException>(() => list.Add(1));

        Assert.That(
            thrown!.InnerExceptions.Select(exception => exception.GetType()),
            Is.EqualTo((Type[])[typeof(FormatException), typeof(InvalidCastException), typeof(TimeoutException)])
        );
        Assert.That(thrown.Message, Does.StartWith("3 slots and effects threw"));
        Assert.That(calls, Is.EqualTo(3), "Count, Item[] and the collection");
        Assert.That(list, Is.EqualTo((int[])[1]));
    }

    [Test]
    public void P17_each_way_of_reading_is_tracked([Values("count", "item", "index", "contains", "copy", "array", "items")] string how)
    {
        var list = new SignalList<int>([1, 2]);
        int[] target = new int[5];
        int runs = 0;
        using Effect effect = Effect.Run(() =>
        {
            runs++;
            switch (how)
            {
                case "count":
                    _ = list.Count;
                    break;
                case "item":
                    _ = list[0];
                    break;
                case "index":
                    Assert.That(list.IndexOf(2), Is.EqualTo(1));
                    break;
                case "contains":
                    Assert.That((list.Contains(1), list.Contains(7)), Is.EqualTo((true, false)));
                    break;
                case "copy":
                    list.CopyTo(target, 1);
                    break;
                case "array":
                    _ = list.ToArray();
                    break;
                default:
                    foreach (object? _ in (System.Collections.IEnumerable)list) { }
                    break;
            }
        });

        list.Add(3);

        Assert.That(runs, Is.EqualTo(2));
        Assert.That(target, Is.EqualTo(how == "copy" ? ((int[])[0, 1, 2, 3, 0]) : new int[5]));
        Assert.That(((ICollection<int>)list).IsReadOnly, Is.False);
    }

    [Test]
    public void P17_removing_an_item_that_is_not_there_and_adding_none_are_nothing()
    {
        var list = new SignalList<string>(["a", "b", "a"]);
        List<string> log = LogOf(list);
        int runs = 0;
        using Effect effect = Effect.Run(() => runs += list.Count);

        Assert.That(list.Remove("x"), Is.False);
        list.AddRange([]);
        Assert.That((log.Count, runs), Is.EqualTo((0, 3)));
        Assert.That(list.Remove("a"), Is.True);
        Assert.That(log, Is.EqualTo((string[])["-0 a"]));
    }

    [Test]
    public void P17_a_list_can_be_made_of_itself_and_added_to_itself()
    {
        var list = new SignalList<int>([1, 2]);

        list.AddRange(list);

        Assert.That(new SignalList<int>(list), Is.EqualTo((int[])[1, 2, 1, 2]));
        Assert.That(() => new SignalList<int>(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("items"));
        Assert.That(() => list.AddRange(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("items"));
        Assert.That(list.ToString(), Is.EqualTo("SignalList<Int32> (4 items)"));
    }

    [Test]
    public void P17_an_index_outside_the_list_is_named_with_the_range()
    {
        var empty = new SignalList<int>();
        var list = new SignalList<int>([1, 2]);

        Refuses(() => list[2] = 0, "index", 2, "between 0 and 1");
        Refuses(() => _ = list[-1], "index", -1, "between 0 and 1");
        Refuses(() => list.RemoveAt(2), "index", 2, "between 0 and 1");
        Refuses(() => list.Insert(3, 0), "index", 3, "between 0 and 2");
        Refuses(() => list.Move(2, 0), "from", 2, "between 0 and 1");
        Refuses(() => list.Move(0, 2), "to", 2, "between 0 and 1");
        Refuses(() => list.Move(-1, 5), "from", -1, "between 0 and 1");
        Refuses(() => empty.RemoveAt(0), "index", 0, "empty");
        Assert.That(list, Is.EqualTo((int[])[1, 2]));

        static void Refuses(Action edit, string name, int index, string range)
        {
            ArgumentOutOfRangeException? thrown = Assert.Throws<ArgumentOutOfRangeException>(() => edit());
            Assert.That((thrown!.ParamName, thrown.ActualValue), Is.EqualTo((name, (object)index)));
            Assert.That(thrown.Message, Does.Contain(range));
        }
    }

    [Test]
    public void P17_each_edit_of_a_disposed_list_throws_and_its_signals_have_ended()
    {
        var list = new SignalList<int>([1, 2]);
        list.Dispose();

        Action[] edits =
        [
            () => list.Add(3),
            () => list.Insert(0, 3),
            () => list.RemoveAt(0),
            () => list.Remove(1),
            () => list[0] = 3,
            () => list.Move(0, 1),
            list.Clear,
            () => list.Inserted.Connect((_, _) => { }),
            () => list.Removed.Connect((_, _) => { }),
            () => list.Replaced.Connect((_, _, _) => { }),
            () => list.Moved.Connect((_, _, _) => { }),
            () => list.Cleared.Connect(() => { }),
        ];
        foreach (Action edit in edits)
        {
            Assert.That(() => edit(), Throws.TypeOf<ObjectDisposedException>());
        }

        Assert.That(
            () => list.Clear(),
            Throws.TypeOf<ObjectDisposedException>().With.Message.Contains("SignalList<Int32> has been disposed: it can be read")
        );
        Assert.That(list, Is.EqualTo((int[])[1, 2]));
    }

    [Test]
    public void P17_what_observers_throw_at_the_end_comes_out_of_dispose()
    {
        var list = new SignalList<int>();
        list.Inserted.AsObservable().Subscribe(new RecordingObserver<(int, int)> { OnEnd = () => throw new FormatException() });
        ConnectionHandle cleared = list.Cleared.Connect(() => { });

        Assert.That(list.Dispose, Throws.TypeOf<FormatException>());
        Assert.That(cleared.IsActive, Is.False);
    }

    [Test]
    public void P17_a_removed_item_is_not_kept()
    {
        var list = new SignalList<object>();
        static WeakReference[] Edit(SignalList<object> list)
        {
            object[] items = [new(), new(), new()];
            list.AddRange(items);
            list.RemoveAt(2);
            list.RemoveAt(0);
            list[0] = new object();
            return [.. items.Select(item => new WeakReference(item))];
        }

        WeakReference[] items = Edit(list);
        Garbage.Collect();

        Assert.That(items.Select(item => item.IsAlive), Is.All.False);
        GC.KeepAlive(list);
    }

    [Test]
    public void P17_an_array_that_an_enumeration_uses_is_not_written([Values("insert", "remove", "replace", "move", "clear")] string how)
    {
        var list = new SignalList<int>([1, 2, 3, 4]);
        list.RemoveAt(3);
        using IEnumerator<int> items = list.GetEnumerator();
        int[] expected;
        switch (how)
        {
            case "insert":
                list.Insert(1, 9);
                expected = [1, 9, 2, 3];
                break;
            case "remove":
                list.RemoveAt(0);
                expected = [2, 3];
                break;
            case "replace":
                list[1] = 9;
                expected = [1, 9, 3];
                break;
            case "move":
                list.Move(2, 0);
                expected = [3, 1, 2];
                break;
            default:
                list.Clear();
                list.Add(9);
                expected = [9];
                break;
        }

        var seen = new List<int>();
        while (items.MoveNext())
        {
            seen.Add(items.Current);
        }

        Assert.That(seen, Is.EqualTo((int[])[1, 2, 3]));
        Assert.That(list, Is.EqualTo(expected));
    }

    private static void EditRandomly(Random random, SignalList<int> list, List<int> expected)
    {
        int count = expected.Count;
        int item = random.Next(1000);
        switch (random.Next(count == 0 ? 2 : 8))
        {
            case 0:
                expected.AddRange([item, item + 1]);
                list.AddRange([item, item + 1]);
                break;
            case 1:
                int at = random.Next(count + 1);
                expected.Insert(at, item);
                list.Insert(at, item);
                break;
            case 2 or 3:
                int gone = random.Next(count);
                expected.RemoveAt(gone);
                list.RemoveAt(gone);
                break;
            case 4:
                int replaced = random.Next(count);
                expected[replaced] = item;
                list[replaced] = item;
                break;
            case 5:
                if (random.Next(5) == 0)
                {
                    expected.Clear();
                    list.Clear();
                }

                break;
            case 6:
                int from = random.Next(count);
                int to = random.Next(count);
                int moved = expected[from];
                expected.RemoveAt(from);
                expected.Insert(to, moved);
                list.Move(from, to);
                break;
            default:
                int removed = expected[random.Next(count)];
                expected.Remove(removed);
                list.Remove(removed);
                break;
        }
    }

    private static void Apply(List<int> copy, NotifyCollectionChangedEventArgs args, SignalList<int> list)
    {
        switch (args.Action)
        {
            case NotifyCollectionChangedAction.Add:
                copy.Insert(args.NewStartingIndex, (int)args.NewItems![0]!);
                break;
            case NotifyCollectionChangedAction.Remove:
                copy.RemoveAt(args.OldStartingIndex);
                break;
            case NotifyCollectionChangedAction.Replace:
                copy[args.NewStartingIndex] = (int)args.NewItems![0]!;
                break;
            case NotifyCollectionChangedAction.Move:
                copy.RemoveAt(args.OldStartingIndex);
                copy.Insert(args.NewStartingIndex, (int)args.NewItems![0]!);
                break;
            default:
                copy.Clear();
                copy.AddRange(list);
                break;
        }

        Assert.That(copy, Is.EqualTo(list.ToArray()));
    }

    private static List<int> CopyOf(SignalList<int> list)
    {
        var copy = new List<int>(list);
        list.Inserted.Connect(copy.Insert);
        list.Removed.Connect((index, _) => copy.RemoveAt(index));
        list.Replaced.Connect((index, _, item) => copy[index] = item);
        list.Moved.Connect(
            (from, to, item) =>
            {
                copy.RemoveAt(from);
                copy.Insert(to, item);
            }
        );
        list.Cleared.Connect(copy.Clear);
        return copy;
    }

    private static List<string> LogOf(SignalList<string> list)
    {
        var log = new List<string>();
        list.Inserted.Connect((index, item) => log.Add($"+{index} {item}"));
        list.Removed.Connect((index, item) => log.Add($"-{index} {item}"));
        list.Replaced.Connect((index, old, item) => log.Add($"={index} {old} {item}"));
        list.Moved.Connect((from, to, item) => log.Add($"{from}>{to} {item}"));
        list.Cleared.Connect(() => log.Add("clear"));
        return log;
    }
}
