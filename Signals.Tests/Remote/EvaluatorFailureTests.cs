using NUnit.Framework;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>Evaluators of the user that throw when something is queued, or are disposed early.</summary>
public sealed class EvaluatorFailureTests
{
    [Test]
    public async Task X13_an_importers_evaluator_that_throws_does_not_end_the_connection()
    {
        await using var pair = new IpcPair(IpcEndpoint.UnixSocket);
        using var signal = new Signal<int>();
        pair.Exporter.Export("a", signal);
        using var evaluator = new FailingEvaluator();
        var failing = new List<int>();
        var other = new List<int>();
        RemoteSignal<int> import = pair.Importer.Import<int>("a", new ImportOptions { Evaluator = evaluator });
        RemoteSignal<int> second = pair.Importer.Import<int>("a");
        import.Connect(failing.Add);
        second.Connect(other.Add);
        pair.UntilLive(import, second);
        evaluator.EvaluateDeferredConnections();
        evaluator.Fails = true;
        signal.Emit(1);
        pair.Until(() => other.Count == 1);
        evaluator.Fails = false;
        signal.Emit(2);
        int thrown = 0;
        pair.Until(() =>
        {
            try
            {
                evaluator.EvaluateDeferredConnections();
            }
            catch (InvalidTimeZoneException)
            {
                thrown++;
            }

            return failing.Count == 2 && other.Count == 2;
        });
        Assert.That(failing, Is.EqualTo([1, 2]));
        Assert.That(thrown, Is.EqualTo(1), "The exception reaches the evaluator.");
    }

    [Test]
    public void X13_an_exporters_evaluator_that_throws_neither_ends_the_process_nor_the_later_events()
    {
        using var evaluator = new FailingEvaluator();
        using var imports = new ConnectionEvaluator();
        using var exchange = new LocalExchange(evaluator);
        using var signal = new Signal<int>();
        ExportedSignal export = exchange.Export("a", signal);
        int unsubscribed = 0;
        export.Unsubscribed.Connect(_ => unsubscribed++);
        evaluator.Fails = true;
        using (RemoteSignal<int> import = exchange.Import<int>("a", new ImportOptions { Evaluator = imports }))
        {
            import.Connect(static _ => { });
        }

        Bounded.Until(() => evaluator.Failures > 0, "the failure");
        evaluator.Fails = false;
        using (RemoteSignal<int> import = exchange.Import<int>("a", new ImportOptions { Evaluator = imports }))
        {
            import.Connect(static _ => { });
        }

        Bounded.Until(
            () =>
            {
                evaluator.EvaluateDeferredConnections();
                return unsubscribed >= 1;
            },
            "the second end"
        );
    }

    [Test]
    public async Task X12_a_request_that_the_exporters_evaluator_cannot_take_is_refused()
    {
        using var evaluator = new FailingEvaluator();
        using var imports = new ThreadPoolEvaluator();
        using var exchange = new LocalExchange(evaluator);
        var property = new Property<int>(1);
        exchange.Export("p", property).SetRequested = static (_, value) => ValueTask.FromResult(value);
        RemoteProperty<int> import = exchange.ImportProperty<int>("p", new ImportOptions { Evaluator = imports });
        import.Connect(static _ => { });
        await import.WaitUntilLiveAsync().Within("the value");
        evaluator.Fails = true;
        Assert.That(
            async () => await import.RequestSetAsync(2).Within("the refusal"),
            Throws.InstanceOf<RemoteRefusedException>().With.Message.Contain("cannot handle requests")
        );
        evaluator.Fails = false;
        Task<int> set = import.RequestSetAsync(3);
        Bounded.Until(
            () =>
            {
                evaluator.EvaluateDeferredConnections();
                return set.IsCompleted;
            },
            "the reply"
        );
        Assert.That(await set, Is.EqualTo(3));
        evaluator.Dispose();
        Assert.That(async () => await import.RequestSetAsync(4).Within("the refusal"), Throws.InstanceOf<RemoteRefusedException>());
    }

    private sealed class FailingEvaluator : ConnectionEvaluator
    {
        private int _failures;

        internal bool Fails { get; set; }

        internal int Failures => Volatile.Read(ref _failures);

        protected override void OnInvocationAdded()
        {
            if (Fails)
            {
                Interlocked.Increment(ref _failures);
                throw new InvalidTimeZoneException();
            }
        }
    }
}
