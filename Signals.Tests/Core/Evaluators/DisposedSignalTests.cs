using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

/// <summary>E8: evaluators emit a signal when they are disposed.</summary>
public sealed class DisposedSignalTests
{
    [Test]
    public void E8_Disposed_is_emitted_once_when_the_connections_have_ended(
        [ValueSource(typeof(EvaluatorKinds), nameof(EvaluatorKinds.All))] Func<ConnectionEvaluator> make
    )
    {
        ConnectionEvaluator evaluator = make();
        var signal = new Signal();
        ConnectionHandle deferred = signal.ConnectDeferred(evaluator, () => { });
        var seen = new List<(bool IsDisposed, bool IsActive)>();
        evaluator.Disposed.Connect(() => seen.Add((evaluator.IsDisposed, deferred.IsActive)));
        evaluator.Dispose();
        evaluator.Dispose();

        Assert.That(seen, Is.EqualTo([(true, false)]));
    }

    [Test]
    public void E8_Disposed_cannot_be_connected_to_afterwards([Values] bool askedBefore)
    {
        var evaluator = new ConnectionEvaluator();
        ISignal? before = askedBefore ? evaluator.Disposed : null;
        evaluator.Dispose();

        Assert.That(() => evaluator.Disposed.Connect(() => { }), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(before is null || ReferenceEquals(before, evaluator.Disposed), Is.True);
    }

    [Test]
    public void E8_Disposed_returns_one_signal_to_threads_that_read_it_at_the_same_time()
    {
        for (int round = 0; round < 200; round++)
        {
            using var evaluator = new ConnectionEvaluator();
            var seen = new ISignal[2];
            Worker.RunAll(() => seen[0] = evaluator.Disposed, () => seen[1] = evaluator.Disposed);

            Assert.That(seen[0], Is.SameAs(seen[1]), $"round {round}");
        }
    }

    [Test]
    public void E8_exception_of_a_slot_of_Disposed_reaches_the_caller_of_Dispose_at_the_end()
    {
        var evaluator = new ConnectionEvaluator();
        var expected = new InvalidOperationException("slot");
        int calls = 0;
        evaluator.Disposed.Connect(() => throw expected);
        evaluator.Disposed.Connect(() => calls++);

        Assert.That(evaluator.Dispose, Throws.Exception.SameAs(expected));
        Assert.That((calls, evaluator.IsDisposed), Is.EqualTo((1, true)));
        Assert.That(evaluator.Dispose, Throws.Nothing);
    }

    [Test]
    public void E8_a_slot_connected_to_Disposed_during_the_disposal_is_called_once_or_refused()
    {
        for (int round = 0; round < 500; round++)
        {
            var evaluator = new ConnectionEvaluator();
            int calls = 0;
            bool refused = false;
            Worker.RunAll(
                evaluator.Dispose,
                () =>
                {
                    try
                    {
                        evaluator.Disposed.Connect(() => Interlocked.Increment(ref calls));
                    }
                    catch (ObjectDisposedException)
                    {
                        refused = true;
                    }
                }
            );

            Assert.That(calls + (refused ? 1 : 0), Is.EqualTo(1), $"round {round}: {calls} calls, refused: {refused}");
        }
    }
}
