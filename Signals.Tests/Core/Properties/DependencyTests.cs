using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class DependencyTests
{
    [Test]
    public void P5_dependencies_are_what_the_last_run_has_read()
    {
        var useFirst = new Property<bool>(true);
        var first = new Property<int>(1);
        var second = new Property<int>(2);
        int runs = 0;
        Computed<int> chosen = Computed.Of(() =>
        {
            runs++;
            return useFirst.Value ? first.Value : second.Value;
        });
        chosen.Connect(_ => { });
        runs = 0;

        second.Value = 20;
        Assert.That(runs, Is.Zero);
        useFirst.Value = false;
        first.Value = 10;
        Assert.That(runs, Is.EqualTo(1));
        second.Value = 21;

        Assert.That((runs, chosen.Value), Is.EqualTo((2, 21)));
        Assert.That(first.Extras!.DependentCount, Is.Zero);
    }

    [Test]
    public void P5_peek_and_untracked_are_not_tracked()
    {
        var tracked = new Property<int>(1);
        var peeked = new Property<int>(1);
        var untracked = new Property<int>(1);
        int runs = 0;
        using Effect effect = Effect.Run(() =>
        {
            runs++;
            _ = tracked.Value + peeked.Peek();
            _ = Property.Untracked(() => untracked.Value);
            Property.Untracked(() => _ = untracked.Value);
        });

        peeked.Value = 2;
        untracked.Value = 2;
        Assert.That(runs, Is.EqualTo(1));
        tracked.Value = 2;
        Assert.That(runs, Is.EqualTo(2));
    }

    [Test]
    public void P5_what_runs_after_an_await_is_not_tracked()
    {
        var before = new Property<int>(1);
        var after = new Property<int>(1);
        var gate = new TaskCompletionSource();
        int runs = 0;
        Task? last = null;
        async Task ReadAsync()
        {
            _ = before.Value;
            await gate.Task.ConfigureAwait(false);
            _ = after.Value;
        }

        using Effect effect = Effect.Run(() =>
        {
            runs++;
            last = ReadAsync();
        });
        gate.SetResult();
        last!.Within("the asynchronous read").GetAwaiter().GetResult();

        after.Value = 2;
        Assert.That(runs, Is.EqualTo(1));
        before.Value = 2;
        Assert.That(runs, Is.EqualTo(2));
    }

    [Test]
    public void P5_slots_changing_comparers_and_first_calls_run_untracked()
    {
        var other = new Property<int>(1);
        var written = new Property<int>(1, EqualityComparer<int>.Create((left, right) => left == right && other.Value > 0));
        written.Connect(_ => _ = other.Value);
        written.Changing.Connect((_, _) => _ = other.Value);
        int runs = 0;
        using Effect effect = Effect.Run(() =>
        {
            runs++;
            written.Value = runs;
            written.ConnectWithCurrent(_ => _ = other.Value).Disconnect();
        });

        other.Value = 2;

        Assert.That(runs, Is.EqualTo(1));
    }

    [Test]
    public void P5_an_effect_inside_another_is_independent()
    {
        var outer = new Property<int>(1);
        var inner = new Property<int>(1);
        int outerRuns = 0;
        int innerRuns = 0;
        Effect? made = null;
        using Effect effect = Effect.Run(() =>
        {
            outerRuns++;
            _ = outer.Value;
            made ??= Effect.Run(() =>
            {
                innerRuns++;
                _ = inner.Value;
            });
        });

        inner.Value = 2;
        Assert.That((outerRuns, innerRuns), Is.EqualTo((1, 2)));
        effect.Dispose();
        inner.Value = 3;
        Assert.That((outerRuns, innerRuns), Is.EqualTo((1, 3)));
        made!.Dispose();
    }
}
