using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class NestingTests
{
    [Test]
    public void S6_inner_emission_runs_to_its_end_before_the_outer_one_continues([Values(0, 1, 2)] int emitter)
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        for (int i = 0; i < 3; i++)
        {
            int number = i;
            signal.Connect(depth =>
            {
                log.Add($"{depth}:{number}");
                if (depth == 0 && number == emitter)
                {
                    signal.Emit(1);
                    log.Add("back");
                }
            });
        }

        signal.Emit(0);

        string[] before = [.. Enumerable.Range(0, emitter + 1).Select(number => $"0:{number}")];
        string[] after = [.. Enumerable.Range(emitter + 1, 2 - emitter).Select(number => $"0:{number}")];
        Assert.That(log.Take(), Is.EqualTo(string.Join(' ', [.. before, "1:0 1:1 1:2 back", .. after])));
    }

    [Test]
    public void S6_single_slot_may_emit_its_own_signal()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        signal.Connect(depth =>
        {
            log.Add($"in{depth}");
            if (depth < 3)
            {
                signal.Emit(depth + 1);
            }

            log.Add($"out{depth}");
        });

        signal.Emit(0);

        Assert.That(log.Take(), Is.EqualTo("in0 in1 in2 in3 out3 out2 out1 out0"));
    }

    [Test]
    public void S6_arguments_of_the_outer_emission_are_unchanged_after_an_inner_one()
    {
        var log = new CallLog();
        var signal = new Signal<string, int>();
        signal.Connect(
            (_, depth) =>
            {
                if (depth == 0)
                {
                    signal.Emit("inner", 1);
                }
            }
        );
        signal.Connect((name, depth) => log.Add($"{name}{depth}"));

        signal.Emit("outer", 0);

        Assert.That(log.Take(), Is.EqualTo("inner1 outer0"));
    }

    [Test]
    public void S6_two_signals_may_emit_each_other()
    {
        var log = new CallLog();
        var ping = new Signal<int>();
        var pong = new Signal<int>();
        ping.Connect(value => log.Add($"ping{value}"));
        ping.Connect(value => pong.Emit(value + 1));
        pong.Connect(value => log.Add($"pong{value}"));
        pong.Connect(value =>
        {
            if (value < 4)
            {
                ping.Emit(value + 1);
            }
        });

        ping.Emit(0);

        Assert.That(log.Take(), Is.EqualTo("ping0 pong1 ping2 pong3 ping4 pong5"));
    }

    [Test]
    public void S6_exception_of_an_inner_emission_reaches_the_slot_that_emitted()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        var thrown = new InvalidOperationException("inner");
        signal.Connect(depth =>
        {
            if (depth == 0)
            {
                Assert.That(() => signal.Emit(1), Throws.Exception.SameAs(thrown));
            }
        });
        signal.Connect(depth =>
        {
            log.Add(depth);
            if (depth == 1)
            {
                throw thrown;
            }
        });

        signal.Emit(0);

        Assert.That(log.Take(), Is.EqualTo("1 0"));
    }
}
