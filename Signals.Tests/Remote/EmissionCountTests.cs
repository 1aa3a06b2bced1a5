using System.Buffers;
using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>Emissions are counted exactly while subscriptions begin and end, although those without a subscription take no lock.</summary>
public sealed class EmissionCountTests
{
    private const int Emitters = 3;

    [Test]
    public void X4_emissions_that_race_with_the_first_and_the_last_subscription_are_counted_once()
    {
        const int emissions = 20_000;
        var shared = new Shared();
        Thread[] emitters = [.. Enumerable.Range(0, Emitters).Select(_ => new Thread(Emit))];
        foreach (Thread emitter in emitters)
        {
            emitter.Start();
        }

        long last = 0;
        while (emitters.Any(static emitter => emitter.IsAlive))
        {
            lock (shared.Lock)
            {
                long number = shared.Counter.Activate();
                Assert.That(number, Is.GreaterThanOrEqualTo(last));
                last = number;
            }

            lock (shared.Lock)
            {
                shared.Counter.Deactivate();
            }
        }

        Assert.That(shared.Counter.Activate(), Is.EqualTo(Emitters * emissions));

        void Emit()
        {
            for (int i = 0; i < emissions; i++)
            {
                if (!shared.Counter.TryCount())
                {
                    lock (shared.Lock)
                    {
                        shared.Counter.Add();
                    }
                }
            }
        }
    }

    [Test]
    public void X4_a_subscription_that_begins_during_emissions_knows_the_number_of_each()
    {
        const int subscriptions = 200;
        using var evaluator = new ConnectionEvaluator();
        using var exports = new RemoteExports(RemoteCapabilities.None, evaluator);
        using var signal = new Signal<long>();
        using ExportedSignal exported = new Exporter(exports).Export("a", signal);
        using var isEnding = new ManualResetEventSlim();
        var emitter = new Thread(() =>
        {
            for (long number = 1; !isEnding.IsSet; number++)
            {
                signal.Emit(number);
            }
        });
        emitter.Start();
        try
        {
            for (int i = 0; i < subscriptions; i++)
            {
                using RemoteOutlet outlet = exports.Subscribe(i, "int64");
                CheckNumbers(outlet);
            }
        }
        finally
        {
            isEnding.Set();
            emitter.Join();
        }
    }

    /// <summary>Checks that each emission has the number by which it was made.</summary>
    private static void CheckNumbers(RemoteOutlet outlet)
    {
        const int enough = 5;
        var batch = new ArrayBufferWriter<byte>();
        ulong number = 0;
        int values = 0;
        Bounded.Until(
            () =>
            {
                batch.ResetWrittenCount();
                outlet.TryWriteBatch(1, batch, 10_000);
                foreach (ExchangeItem item in ExchangeBatch.Parser.ParseFrom(batch.WrittenSpan).Items)
                {
                    if (item.Granted is { } grant)
                    {
                        number = grant.Base;
                        continue;
                    }

                    number += item.Missed + 1;
                    values++;
                    Assert.That(BitConverter.ToInt64(item.Value.Span), Is.EqualTo((long)number));
                }

                return values >= enough;
            },
            "values"
        );
    }

    private sealed class Shared
    {
        internal readonly Lock Lock = new();
        internal EmissionCounter Counter;
    }
}
