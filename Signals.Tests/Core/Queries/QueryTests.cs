using NUnit.Framework;

namespace Signals.Tests.Core.Queries;

/// <summary>A10: slots with results.</summary>
public sealed class QueryTests
{
    [Test]
    public void A10_results_come_in_slot_order()
    {
        var query = new Query<int, string>();
        query.Connect(value => $"a{value}");
        ConnectionHandle blocked = query.Connect(_ => "blocked");
        query.Connect(value => $"b{value}");
        blocked.Block(true);
        Assert.That(query.Ask(1), Is.EqualTo(["a1", "b1"]));
        blocked.Disconnect();
        Assert.That(query.ConnectionCount, Is.EqualTo(2));
        query.Dispose();
        Assert.That(query.Ask(1), Is.Empty);
        Assert.That(() => query.Connect(_ => ""), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A10_without_a_slot()
    {
        var numbers = new Query<int, int>();
        var texts = new Query<int, string?>();
        var flags = new Query<int, bool>();
        Assert.That(() => numbers.Ask(1, Combine.First<int>()), Throws.InvalidOperationException);
        Assert.That(() => numbers.Ask(1, Combine.Last<int>()), Throws.InvalidOperationException);
        Assert.That(texts.Ask(1, Combine.FirstNotNull<string>()), Is.Null);
        Assert.That(flags.Ask(1, Combine.AnyTrue()), Is.False);
        Assert.That(flags.Ask(1, Combine.AllTrue()), Is.True);
        Assert.That(numbers.Ask(1, Combine.Sum<int>()), Is.Zero);
        Assert.That(numbers.Ask(1), Is.Empty);
    }

    [Test]
    public void A10_combiners_combine_and_stop_early()
    {
        int calls = 0;
        var numbers = new Query<int, int>();
        var texts = new Query<int, string?>();
        var flags = new Query<bool, bool>();
        for (int i = 1; i <= 3; i++)
        {
            int number = i;
            numbers.Connect(value =>
            {
                calls++;
                return value * number;
            });
            texts.Connect(value => value == number ? $"found{number}" : null);
            flags.Connect(value =>
            {
                calls++;
                return number == 2 ? value : !value;
            });
        }

        Assert.That((numbers.Ask(10, Combine.First<int>()), calls), Is.EqualTo((10, 1)));
        Assert.That(numbers.Ask(10, Combine.Last<int>()), Is.EqualTo(30));
        Assert.That(numbers.Ask(10, Combine.Sum<int>()), Is.EqualTo(60));
        Assert.That(texts.Ask(2, Combine.FirstNotNull<string>()), Is.EqualTo("found2"));
        calls = 0;
        Assert.That((flags.Ask(true, Combine.AnyTrue()), calls), Is.EqualTo((true, 2)));
        calls = 0;
        Assert.That((flags.Ask(true, Combine.AllTrue()), calls), Is.EqualTo((false, 1)));
    }

    [Test]
    public async Task A10_asking_while_an_asynchronous_slot_is_connected_names_the_other_method()
    {
        var query = new Query<int, int>();
        query.Connect(value => value);
        var end = new TaskCompletionSource<int>();
        ConnectionHandle handle = query.ConnectAsync((_, _) => new ValueTask<int>(end.Task));
        query.Connect(value => value * 3);
        Assert.That(() => query.Ask(1), Throws.InvalidOperationException.With.Message.Contains("AskAsync"));
        Task<IReadOnlyList<int>> asked = query.AskAsync(1).AsTask();
        Assert.That(asked.IsCompleted, Is.False);
        end.SetResult(2);
        Assert.That(await asked.Within("the answers"), Is.EqualTo([1, 2, 3]));
        handle.Disconnect();
        Assert.That(query.Ask(1), Is.EqualTo([1, 3]));
    }

    [Test]
    public void A10_slot_that_throws_keeps_no_other_from_running_and_there_is_no_result()
    {
        int calls = 0;
        var query = new Query<int, int>();
        query.Connect(_ => throw new InvalidOperationException("a"));
        query.Connect(_ => ++calls);
        query.Connect(_ => ++calls);
        Assert.That(() => query.Ask(1), Throws.InvalidOperationException.With.Message.EqualTo("a"));
        Assert.That(calls, Is.EqualTo(2));
        Assert.That(() => query.Ask(1, Combine.First<int>()), Throws.InvalidOperationException.With.Message.EqualTo("a"));
        Assert.That(calls, Is.EqualTo(3), "it stopped early");
    }

    [Test]
    public void A10_token_cancels_the_asking()
    {
        using var cancellation = new CancellationTokenSource();
        var query = new Query<int, int>();
        query.ConnectAsync(
            async (_, token) =>
            {
                await cancellation.CancelAsync();
                token.ThrowIfCancellationRequested();
                return 1;
            }
        );
        Assert.That(async () => await query.AskAsync(1, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void S5_slot_may_disconnect_a_later_one_and_connect_another()
    {
        var query = new Query<int, int>();
        ConnectionHandle later = default;
        query.Connect(_ =>
        {
            later.Disconnect();
            query.Connect(_ => 9);
            return 1;
        });
        later = query.Connect(_ => 2);
        query.Connect(_ => 3);
        Assert.That(query.Ask(0), Is.EqualTo([1, 3]));
    }

    [Test]
    public async Task A10_asking_asynchronously_combines_and_stops_early()
    {
        int calls = 0;
        var query = new Query<int, int>();
        query.Connect(value => value + ++calls);
        query.ConnectAsync((value, _) => ValueTask.FromResult(value + ++calls));
        query.Connect(value => value + ++calls);
        Assert.That(await query.AskAsync(10, Combine.First<int>()), Is.EqualTo(11));
        Assert.That(calls, Is.EqualTo(1));
        calls = 0;
        Assert.That(await query.AskAsync(10, Combine.Sum<int>()), Is.EqualTo(36));
        Assert.That(() => query.Ask<int>(1, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("combiner"));
        Assert.That(() => query.AskAsync(1, (ICombiner<int, int>)null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("combiner"));
        Assert.That(() => query.ConnectAsync(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("slot"));
    }

    [Test]
    public void A10_with_stop_at_first_no_slot_runs_after_one_that_threw([Values] bool isAsynchronous)
    {
        int calls = 0;
        var query = new Query<int, int>(new SignalOptions { ExceptionPolicy = SlotExceptionPolicy.StopAtFirst });
        query.Connect(_ => ++calls);
        query.Connect(_ => throw new InvalidOperationException("a"));
        query.Connect(_ => ++calls);
        Assert.That(async () => _ = isAsynchronous ? await query.AskAsync(1) : query.Ask(1), Throws.InvalidOperationException.With.Message.EqualTo("a"));
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public async Task A10_failures_of_several_slots_are_thrown_together_also_when_asked_asynchronously()
    {
        var query = new Query<int, int>();
        query.Connect(_ => throw new InvalidOperationException("a"));
        query.ConnectAsync((_, _) => ValueTask.FromException<int>(new OperationCanceledException("b")));
        AggregateException? thrown = await Assert.ThrowsAsync<AggregateException>(async () => await query.AskAsync(1));
        Assert.That(thrown!.InnerExceptions.Select(exception => exception.Message), Is.EqualTo(["a", "b"]), "its token was not canceled");
    }

    [Test]
    public void A10_canceled_asking_runs_nothing_and_no_slot_after_the_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        int calls = 0;
        var query = new Query<int, int>();
        query.Connect(_ =>
        {
            cancellation.Cancel();
            return ++calls;
        });
        query.Connect(_ => ++calls);
        Assert.That(async () => await query.AskAsync(1, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(calls, Is.EqualTo(1));
        Assert.That(async () => await query.AskAsync(1, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public void A10_message_without_a_result_names_the_combiner_for_that()
    {
        var query = new Query<int, int>();
        Assert.That(() => query.Ask(1, Combine.First<int>()), Throws.InvalidOperationException.With.Message.Contains("FirstNotNull"));
    }
}
