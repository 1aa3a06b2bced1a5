using NUnit.Framework;
using Signals.Tests.Analyzers.Support;

namespace Signals.Tests.Analyzers;

public sealed class UnkeptEvaluatorTests
{
    private const string Id = "SIG009";

    [Test]
    public Task SIG009_evaluators_that_only_connections_know_are_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            var signal = new Signal<int>();
            signal.ConnectDeferred([|new ConnectionEvaluator()|], x => { });
            signal.ConnectDeferredAsync([|new ThreadEvaluator()|], async (x, token) => await Task.Yield());
            signal.ConnectBlocking([|new ThreadPoolEvaluator()|], x => { });
            DeferredConnections.ConnectDeferred(signal, [|new ConnectionEvaluator()|], x => { });
            var unkept = [|new ConnectionEvaluator()|];
            signal.ConnectDeferred(unkept, x => { });
            new Signal().ConnectDeferredLatest(unkept, () => { });
            new Signal<int, int>().ConnectDeferredSingleShot(unkept, (x, y) => { });

            class View
            {
                public View(ISignal<int> signal)
                {
                    ConnectionEvaluator mine = [|new ConnectionEvaluator(new ConnectionEvaluatorOptions())|];
                    signal.ConnectDeferred(mine, x => Console.WriteLine(x)).Dispose();
                }
            }
            """
        );

    [Test]
    public Task SIG009_evaluators_that_are_kept_are_not_reported() =>
        UserProject.ExpectAsync(
            Id,
            """
            var signal = new Signal<int>();
            using var used = new ThreadEvaluator();
            signal.ConnectDeferred(used, x => { });
            var evaluated = new ConnectionEvaluator();
            signal.ConnectDeferred(evaluated, x => { });
            evaluated.EvaluateDeferredConnections();
            var disposed = new ConnectionEvaluator();
            signal.ConnectDeferred(disposed, x => { });
            disposed.Dispose();
            var later = new ConnectionEvaluator();
            signal.ConnectDeferred(later, x => { });
            Action evaluate = () => later.EvaluateDeferredConnections();
            var handed = new ConnectionEvaluator();
            signal.ConnectDeferred(handed, x => { });
            Keep(handed);
            signal.ConnectDeferred(Make(), x => { });
            var idle = new ConnectionEvaluator();
            static ConnectionEvaluator Make() => new();
            static void Keep(object kept) { }

            class View(ISignal<int> signal)
            {
                private readonly ConnectionEvaluator _evaluator = new();
                public ConnectionHandle Start() => signal.ConnectDeferred(_evaluator, x => Console.WriteLine(x));
            }
            """
        );
}
