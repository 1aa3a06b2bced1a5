using System.Diagnostics;
using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>Subscriptions that begin while another thread emits, thousands of times, with exact numbers, for each exchange.</summary>
internal abstract class ReplayRaceFixture : PairFixture
{
    private const int Rounds = 3000;

    /// <summary>The time after which a race has been repeated often enough, on a machine that is busy.</summary>
    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(4);

    [Test]
    public void X7_a_replay_beside_endless_emissions_begins_at_the_registration_and_has_no_gap()
    {
        if (LacksReplay())
        {
            return;
        }

        const int replayed = 8;
        using var signal = new Signal<int>();
        Exporter.Export("a", signal, new ExportOptions { Replay = RemoteReplay.Last, ReplayCount = replayed });
        int begun = 0;
        int emitted = 0;
        bool isOver = false;
        var emitter = new Worker(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                Volatile.Write(ref begun, begun + 1);
                signal.Emit(emitted);
                Volatile.Write(ref emitted, emitted + 1);
            }
        });
        try
        {
            Bounded.Until(() => Volatile.Read(ref emitted) > replayed, "the first emissions");
            Repeat(() =>
            {
                // The number of emissions at the registration is between these two.
                int before = Volatile.Read(ref emitted);
                int after = 0;
                int next = 0;
                int count = 0;
                using RemoteSignal<int> import = Importer.Import<int>("a");
                import.Missed.Connect(gap => next += (int)gap.Count!.Value);
                import.Connect(value =>
                {
                    if (count++ == 0)
                    {
                        after = Volatile.Read(ref begun);

                        // What was dropped before the first value does not belong to it.
                        Assert.That(value - next, Is.InRange(before - replayed, after - replayed));
                        next = value;
                    }

                    Assert.That(value, Is.EqualTo(next));
                    next++;
                });
                Pair.Until(() => count > replayed);
            });
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            emitter.Join();
        }
    }

    [Test]
    public void X7_a_replay_of_everything_beside_emissions_brings_each_exactly_once()
    {
        if (LacksReplay())
        {
            return;
        }

        const int count = 20;
        Repeat(() =>
        {
            using var signal = new Signal<int>();
            using ExportedSignal export = Exporter.Export("a", signal, new ExportOptions { Replay = RemoteReplay.Last, ReplayCount = count });
            var received = new List<int>();
            using RemoteSignal<int> import = Importer.Import<int>("a");
            Worker.RunAll(() => EmitAll(signal, count), () => import.Connect(received.Add));
            Pair.Until(() => received.Count >= count, "all emissions, replayed or not");
            Assert.That(received, Is.EqualTo(Enumerable.Range(0, count)));
            Assert.That(export.DroppedCount, Is.Zero);
        });
    }

    [Test]
    public void X7_a_subscription_without_replay_beside_emissions_gets_all_that_follow()
    {
        const int count = 20;
        Repeat(() =>
        {
            using var signal = new Signal<int>();
            using ExportedSignal export = Exporter.Export("a", signal);
            var received = new List<int>();
            int gaps = 0;
            using RemoteSignal<int> import = Importer.Import<int>("a");
            import.Missed.Connect(_ => gaps++);
            Worker.RunAll(() => EmitAll(signal, count), () => import.Connect(received.Add));
            Pair.UntilLive(import);
            signal.Emit(count);
            Pair.Until(() => received.Contains(count));
            Assert.That(received, Is.EqualTo(Enumerable.Range(count + 1 - received.Count, received.Count)));
            Assert.That(gaps, Is.Zero);
        });
    }

    [Test]
    public void X4_an_export_that_is_replaced_beside_its_emissions_is_told_and_repeats_nothing()
    {
        if (LacksReplay())
        {
            return;
        }

        const int count = 10;
        var log = new List<(int Life, int Value)>();
        int restarts = 0;
        using RemoteSignal<int, int> import = Importer.Import<int, int>("a");
        import.Missed.Connect(gap =>
        {
            Assert.That(gap.Cause, Is.EqualTo(MissedCause.Restarted));
            restarts++;
        });
        import.Connect((life, value) => log.Add((life, value)));
        int lives = 0;
        Repeat(() =>
        {
            log.Clear();
            int life = ++lives;
            using var signal = new Signal<int, int>();
            using ExportedSignal export = Exporter.Export("a", signal, new ExportOptions { Replay = RemoteReplay.Last, ReplayCount = count });
            Worker.RunAll(
                () =>
                {
                    for (int i = 0; i < count; i++)
                    {
                        signal.Emit(life, i);
                    }
                },
                () => Pair.Evaluator.EvaluateDeferredConnections()
            );
            Pair.Until(() => log.Count >= count);
            Assert.That(log, Is.EqualTo(Enumerable.Range(0, count).Select(i => (life, i))));
        });
        Assert.That(restarts, Is.EqualTo(lives - 1));
    }

    private static void EmitAll(Signal<int> signal, int count)
    {
        for (int i = 0; i < count; i++)
        {
            signal.Emit(i);
        }
    }

    /// <summary>Repeats a race some thousand times, or as often as there is time.</summary>
    private static void Repeat(Action race)
    {
        long start = Stopwatch.GetTimestamp();
        int rounds = 0;
        while (rounds < Rounds && Stopwatch.GetElapsedTime(start) < LongestTime)
        {
            race();
            rounds++;
        }

        TestContext.Out.WriteLine($"{rounds} races");
    }
}
