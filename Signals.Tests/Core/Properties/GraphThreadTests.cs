using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class GraphThreadTests
{
    [Test]
    public void P10_no_thread_ever_gets_a_mix_of_old_and_new()
    {
        const int Sets = 5000;
        var source = new Property<long>(1);
        Computed<long> twice = Computed.Of(() => source.Value * 2);
        Computed<long> thrice = Computed.Of(() => source.Value * 3);
        Computed<(bool IsConsistent, long Value)> check = Computed.Of(() => (twice.Value + source.Value == thrice.Value, source.Value));
        Computed<(bool IsConsistent, long Value)> observed = Computed.Of(() =>
            (check.Value.IsConsistent && twice.Value * 3 == thrice.Value * 2, check.Value.Value)
        );
        int told = 0;
        bool isMixed = false;
        long last = 0;
        observed.Connect(value =>
        {
            told++;
            isMixed |= !value.IsConsistent;
            last = value.Value;
        });
        long lastOfEffect = 0;
        using Effect effect = Effect.Run(() =>
        {
            isMixed |= !check.Value.IsConsistent;
            lastOfEffect = check.Value.Value;
        });
        bool isDone = false;
        void Read()
        {
            Computed<(bool IsConsistent, long Value)> own = Computed.Of(() => (thrice.Value - twice.Value == source.Value, source.Value));
            while (!Volatile.Read(ref isDone))
            {
                Assert.That(check.Value.IsConsistent && own.Value.IsConsistent && observed.Value.IsConsistent, Is.True);
            }
        }

        void Set(int first)
        {
            for (int i = 0; i < Sets; i++)
            {
                source.Value = first + (i * 2L);
            }

            Volatile.Write(ref isDone, true);
        }

        Worker.RunAll(Read, () => Set(2), () => Set(3));

        Assert.That(isMixed, Is.False);
        Assert.That((last, lastOfEffect), Is.EqualTo((source.Value, source.Value)));
        Assert.That(told, Is.GreaterThan(0));
    }

    [Test]
    public void P10_each_change_is_told_exactly_once_in_the_order_in_which_it_took_effect([Values] bool raisesChanging)
    {
        const int Sets = 3000;
        var property = new Property<int>(0);
        var stores = new List<int>();
        var told = new List<int>();
        int running = 0;
        property.Connect(value =>
        {
            Assert.That(Interlocked.Increment(ref running), Is.EqualTo(1), "slots of a scope overlap");
            told.Add(value);
            Interlocked.Decrement(ref running);
        });
        if (raisesChanging)
        {
            property.Changing.Connect((_, _) => { });
        }

        Worker.RunAll([
            .. Enumerable
                .Range(1, 3)
                .Select<int, Action>(thread =>
                    () =>
                    {
                        for (int i = 0; i < Sets; i++)
                        {
                            property.Value = (i * 10) + thread;
                        }
                    }
                ),
        ]);

        Assert.That(told, Has.Count.EqualTo(3 * Sets));
        Assert.That(told, Is.Unique);
        Assert.That(told[^1], Is.EqualTo(property.Value));
        for (int thread = 1; thread <= 3; thread++)
        {
            Assert.That(told.Where(value => value % 10 == thread), Is.Ordered);
        }
    }

    [Test]
    public void P10_a_set_returns_while_another_thread_tells()
    {
        var property = new Property<int>(0);
        var other = new Property<int>(0);
        var told = new List<string>();
        using var isTelling = new ManualResetEventSlim();
        using var isSet = new ManualResetEventSlim();
        property.Connect(value =>
        {
            isTelling.Set();
            Bounded.Wait(isSet, "the other thread's set");
            told.Add($"property {value}");
        });
        other.Connect(value => told.Add($"other {value}"));

        var telling = new Worker(() => property.Value = 1);
        Bounded.Wait(isTelling, "the telling");
        other.Value = 1;
        Assert.That((other.Value, told.Count), Is.EqualTo((1, 0)));
        isSet.Set();
        telling.Join();

        Assert.That(told, Is.EqualTo((string[])["property 1", "other 1"]));
    }

    [Test]
    public void P10_other_scopes_are_told_meanwhile_and_a_computed_property_may_read_several()
    {
        var first = new PropertyScope();
        var second = new PropertyScope();
        var x = new Property<int>(1, scope: first);
        var y = new Property<int>(1, scope: second);
        Computed<int> sum = Computed.Of(() => x.Value + y.Value);
        var told = new List<int>();
        sum.Connect(told.Add);
        using var isTelling = new ManualResetEventSlim();
        using var isTold = new ManualResetEventSlim();
        x.Connect(_ =>
        {
            isTelling.Set();
            Bounded.Wait(isTold, "the other scope");
        });

        var telling = new Worker(() => x.Value = 2);
        Bounded.Wait(isTelling, "the telling");
        y.Value = 10;
        isTold.Set();
        telling.Join();

        Assert.That(told[^1], Is.EqualTo(12));
        Assert.That(sum.Value, Is.EqualTo(12));
    }

    [Test]
    public void P10_a_result_from_before_a_change_is_not_kept()
    {
        var source = new Property<int>(1);
        using var hasRead = new ManualResetEventSlim();
        using var isSet = new ManualResetEventSlim();
        int runs = 0;
        Computed<int> slow = Computed.Of(() =>
        {
            int value = source.Value;
            if (Interlocked.Increment(ref runs) == 1)
            {
                hasRead.Set();
                Bounded.Wait(isSet, "the set");
            }

            return value;
        });

        int result = 0;
        var reader = new Worker(() => result = slow.Value);
        Bounded.Wait(hasRead, "the read");
        source.Value = 2;
        isSet.Set();
        reader.Join();

        Assert.That((result, slow.Value, runs), Is.EqualTo((2, 2, 2)));
    }

    [Test]
    public void P10_connecting_setting_reading_and_disposing_at_once_keeps_the_graph_sound()
    {
        const int Rounds = 400;
        Property<int>[] sources = [.. Enumerable.Range(0, 3).Select(i => new Property<int>(i))];
        Computed<int>[] middle =
        [
            .. Enumerable
                .Range(0, 6)
                .Select(i => Computed.Of(() => sources[i % 3].Value % 2 == 0 ? sources[(i + 1) % 3].Value : sources[(i + 2) % 3].Value)),
        ];
        Computed<int>[] top =
        [
            .. Enumerable.Range(0, 6).Select(i => Computed.Of(() => middle[i].Value % 3 == 0 ? middle[(i + 1) % 6].Value : middle[(i + 2) % 6].Value + 1)),
        ];
        void Work(int seed)
        {
            var random = new Random(seed);
            var handles = new List<ConnectionHandle>();
            for (int i = 0; i < Rounds; i++)
            {
                switch (random.Next(6))
                {
                    case 0:
                        handles.Add(top[random.Next(6)].Connect(_ => { }));
                        break;
                    case 1 when handles.Count > 0:
                        handles[^1].Disconnect();
                        handles.RemoveAt(handles.Count - 1);
                        break;
                    case 2:
                        Effect.Run(() => _ = top[random.Next(6)].Value).Dispose();
                        break;
                    case 3:
                        using (Property.Batch())
                        {
                            sources[random.Next(3)].Value = random.Next(5);
                            _ = middle[random.Next(6)].Value;
                            sources[random.Next(3)].Value = random.Next(5);
                        }

                        break;
                    case 4:
                        _ = top[random.Next(6)].Value;
                        break;
                    default:
                        sources[random.Next(3)].Value = random.Next(5);
                        break;
                }
            }

            handles.ForEach(handle => handle.Disconnect());
        }

        Worker.RunAll(() => Work(1), () => Work(2), () => Work(3));

        int Middle(int i) => sources[i % 3].Value % 2 == 0 ? sources[(i + 1) % 3].Value : sources[(i + 2) % 3].Value;
        int Top(int i) => Middle(i) % 3 == 0 ? Middle((i + 1) % 6) : Middle((i + 2) % 6) + 1;
        Assert.That(top.Select(node => node.Value), Is.EqualTo(Enumerable.Range(0, 6).Select(Top)));
        var told = new int[6];
        for (int i = 0; i < 6; i++)
        {
            int index = i;
            top[i].ConnectWithCurrent(value => told[index] = value);
        }

        for (int value = 0; value < 20; value++)
        {
            sources[value % 3].Value = value;
            Assert.That(told, Is.EqualTo(Enumerable.Range(0, 6).Select(Top)));
        }
    }
}
