using NUnit.Framework;

namespace Signals.Tests.Tracking;

[NonParallelizable]
public sealed class FindingTests
{
    private static readonly SignalFindingOptions AllOld = new() { NeverEndedAfter = TimeSpan.Zero };

    [Test]
    public void V7_an_old_connection_that_keeps_its_target_alive_is_found()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "old" });
        var receiver = new Receiver();
        signal.Connect(receiver.Receive);
        signal.ConnectWeak(receiver, static (target, value) => target.Receive(value));

        SignalSnapshot snapshot = SignalTracker.Snapshot();

        SignalFinding finding = snapshot.FindOf("old", AllOld).Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Kind, Is.EqualTo(SignalFindingKind.NeverEnded));
            Assert.That(finding.Connections.Single().Kind, Is.EqualTo(ConnectionKind.Plain));
            Assert.That(finding.Message, Does.StartWith("old -> Receiver.Receive (Plain) was made "));
            Assert.That(snapshot.FindOf("old"), Is.Empty, "It is not an hour old.");
        }
    }

    [Test]
    public void V7_connections_to_the_same_method_of_the_same_object_are_found()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "twice" });
        var receiver = new Receiver();
        signal.Connect(receiver.Receive);
        signal.Connect(new Receiver().Receive);
        signal.Connect(receiver.Ring);
        signal.Connect(receiver.Receive);

        SignalFinding finding = SignalTracker.Snapshot().FindOf("twice").Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Kind, Is.EqualTo(SignalFindingKind.MadeTwice));
            Assert.That(finding.Connections, Has.Count.EqualTo(2));
            Assert.That(
                finding.Message,
                Is.EqualTo("twice -> Receiver.Receive (Plain) was made 2 times for the same object. Each emission calls the slot as many times.")
            );
        }
    }

    [Test]
    public void V7_connections_of_one_lambda_with_different_states_are_not_found()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "states" });
        Receiver[] receivers = [new(), new()];
        foreach (Receiver receiver in receivers)
        {
            signal.Connect(receiver, static (target, value) => target.Receive(value));
            signal.ConnectWeak(receiver, static (target, value) => target.Receive(value));
        }

        foreach (int state in (int[])[1, 1])
        {
            signal.Connect(state, static (_, _) => { });
        }

        Assert.That(SignalTracker.Snapshot().FindOf("states"), Is.Empty);
        GC.KeepAlive(receivers);
    }

    [Test]
    public void V7_a_direct_slot_that_several_threads_call_is_found_and_a_deferred_one_is_not()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = "threads" });
        using var evaluator = new ConnectionEvaluator();
        signal.Connect(static _ => { });
        signal.ConnectDeferred(evaluator, static _ => { });
        signal.Emit(1);
        new Worker(() => signal.Emit(2)).Join();

        SignalFinding finding = SignalTracker.Snapshot().FindOf("threads").Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Kind, Is.EqualTo(SignalFindingKind.ManyThreads));
            Assert.That(finding.Connections.Single().ThreadCount, Is.EqualTo(2));
            Assert.That(finding.Connections.Single().Kind, Is.EqualTo(ConnectionKind.Plain));
        }

        Assert.That(SignalTracker.Snapshot().FindOf("threads", new SignalFindingOptions { ManyThreads = 3 }), Is.Empty);
    }

    [Test]
    public void V7_the_number_of_threads_is_limited()
    {
        var threads = new ThreadSet();
        Enumerable.Range(0, 100).ToList().ForEach(threads.Add);

        Assert.That(threads.Count, Is.EqualTo(ThreadSet.Limit));
    }

    [Test]
    public void V7_options_reject_values_that_have_no_meaning()
    {
        var options = new SignalFindingOptions();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => options.ManyThreads = 1, Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("ManyThreads"));
            Assert.That(() => options.ManyThreads = 17, Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(
                () => options.NeverEndedAfter = TimeSpan.FromTicks(-1),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("NeverEndedAfter")
            );
        }
    }
}
