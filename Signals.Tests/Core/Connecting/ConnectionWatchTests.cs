using NUnit.Framework;

namespace Signals.Tests.Core.Connecting;

/// <summary>The reports to a signal's owner that the first connection was made and that the last one has ended.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ConnectionWatchTests
{
    private readonly CallLog _log = new();

    [Test]
    public void Owner_is_told_of_the_first_connection_and_of_the_end_of_the_last_one()
    {
        Signal<int> signal = Watched();
        ConnectionHandle first = signal.Connect(_ => { });
        ConnectionHandle second = signal.ConnectReflective((_, _) => { });
        Assert.That(_log.Take(), Is.EqualTo("first"));
        first.Disconnect();
        Assert.That(_log.Take(), Is.Empty);
        second.Disconnect();
        second.Disconnect();
        Assert.That(_log.Take(), Is.EqualTo("last"));
        signal.Connect(() => { });
        signal.DisconnectAll();
        Assert.That(_log.Take(), Is.EqualTo("first last"));
        signal.ConnectSingleShot(_ => _log.Add("run"));
        signal.Emit(1);
        Assert.That(_log.Take(), Is.EqualTo("first last run"));
        signal.AsObservable().Subscribe(new RecordingObserver<int>());
        signal.Dispose();
        signal.Dispose();
        Assert.That(_log.Take(), Is.EqualTo("first last"));
    }

    [Test]
    public void Owner_that_watches_only_one_end_is_told_of_that()
    {
        int count = 0;
        var firsts = new Signal<int>(new SignalOptions { FirstConnectedHandler = () => count++ });
        firsts.Connect(_ => { }).Disconnect();
        firsts.Connect(_ => { }).Disconnect();
        Assert.That(count, Is.EqualTo(2));
        var lasts = new Signal<int>(new SignalOptions { LastDisconnectedHandler = () => count-- });
        lasts.Connect(_ => { }).Disconnect();
        Assert.That(count, Is.EqualTo(1));
    }

    [Test]
    public void Owner_is_told_when_the_evaluator_ends_the_last_connection()
    {
        Signal<int> signal = Watched();
        using var evaluator = new ConnectionEvaluator();
        signal.ConnectDeferred(evaluator, _ => { });
        evaluator.Dispose();
        Assert.That(_log.Take(), Is.EqualTo("first last"));
    }

    [Test]
    public void Connection_exists_when_the_owner_is_told_and_may_be_ended_by_it()
    {
        Signal<int> signal = null!;
        signal = new Signal<int>(
            new SignalOptions
            {
                FirstConnectedHandler = () =>
                {
                    _log.Add($"first{signal.ConnectionCount}");
                    signal.Emit(1);
                    signal.DisconnectAll();
                },
                LastDisconnectedHandler = () => _log.Add("last"),
            }
        );
        ConnectionHandle handle = signal.Connect(value => _log.Add(value));

        Assert.That(_log.Take(), Is.EqualTo("first1 1 last"));
        Assert.That(handle.IsActive, Is.False);
    }

    [Test]
    public void Exception_of_the_owner_goes_to_the_handler_and_the_connection_stands()
    {
        var signal = new Signal<int>(
            new SignalOptions
            {
                FirstConnectedHandler = () => throw new InvalidOperationException("broken"),
                LastDisconnectedHandler = () => throw new InvalidOperationException("broken too"),
                ExceptionHandler = (exception, handle) => _log.Add($"{exception.Message}:{handle.IsActive}"),
            }
        );
        ConnectionHandle handle = signal.Connect(value => _log.Add(value));
        Assert.That(handle.IsActive, Is.True);
        signal.Emit(1);
        handle.Disconnect();
        Assert.That(_log.Take(), Is.EqualTo("broken:False 1 broken too:False"));
    }

    [Test]
    public void S10_thread_that_changes_connections_during_a_report_does_not_wait_and_the_reporting_thread_reports_it()
    {
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        var signal = new Signal<int>(
            new SignalOptions
            {
                FirstConnectedHandler = () =>
                {
                    _log.Add($"first{Environment.CurrentManagedThreadId}");
                    inside.Set();
                    Bounded.Wait(leave, "the other thread");
                },
                LastDisconnectedHandler = () => _log.Add($"last{Environment.CurrentManagedThreadId}"),
            }
        );
        int thread = 0;
        var connecting = new Worker(() =>
        {
            thread = Environment.CurrentManagedThreadId;
            signal.Connect(_ => { });
        });
        Bounded.Wait(inside, "the report");
        signal.Connect(_ => { });
        signal.DisconnectAll();
        Assert.That(connecting.IsRunning, Is.True);
        leave.Set();
        connecting.Join();
        Assert.That(_log.Take(), Is.EqualTo($"first{thread} last{thread}"));
    }

    [Test]
    public void S10_reports_alternate_never_overlap_and_end_with_the_state_that_is([Values(1, 2)] int others)
    {
        int inside = 0;
        int state = 0;
        bool failed = false;
        void Report(int from, int to)
        {
            failed |= Interlocked.Increment(ref inside) != 1 || Interlocked.CompareExchange(ref state, to, from) != from;
            Interlocked.Decrement(ref inside);
        }

        var signal = new Signal<int>(new SignalOptions { FirstConnectedHandler = () => Report(0, 1), LastDisconnectedHandler = () => Report(1, 0) });
        void Churn()
        {
            for (int i = 0; i < 2_000; i++)
            {
                signal.Connect(_ => { }).Disconnect();
            }
        }

        Worker.RunAll([Churn, .. Enumerable.Repeat<Action>(Churn, others)]);
        Assert.That((failed, state), Is.EqualTo((false, 0)));
        signal.Connect(_ => { });
        Assert.That(state, Is.EqualTo(1));
    }

    [Test]
    public void Signal_without_handlers_has_no_watch()
    {
        Assert.That(ConnectionWatch.Of(new SignalOptions()), Is.Null);
    }

    private Signal<int> Watched() =>
        new(new SignalOptions { FirstConnectedHandler = () => _log.Add("first"), LastDisconnectedHandler = () => _log.Add("last") });
}
