using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>An exporter and an importer of one exchange, connected to each other.</summary>
internal abstract class RemotePair : IAsyncDisposable
{
    /// <summary>Gets the evaluator of the importer, which the test evaluates.</summary>
    internal ConnectionEvaluator Evaluator { get; } = new();

    /// <summary>Gets the evaluator of the exporter.</summary>
    internal ThreadPoolEvaluator ExportEvaluator { get; } = new();

    internal FakeTime Time { get; } = new();

    internal abstract ISignalExporter Exporter { get; }

    internal abstract ISignalImporter Importer { get; }

    /// <summary>Breaks the connection.</summary>
    internal virtual void Break() => throw new NotSupportedException();

    /// <summary>Connects again.</summary>
    internal virtual void Reconnect() => throw new NotSupportedException();

    /// <summary>Evaluates the importer's evaluator until a condition is true.</summary>
    internal void Until(Func<bool> condition, string what = "the condition")
    {
        Bounded.Until(
            () =>
            {
                Evaluator.EvaluateDeferredConnections();
                OnPoll();
                return condition();
            },
            what
        );
    }

    internal void UntilLive(params RemoteImport[] imports) =>
        Until(() => imports.All(import => import.State == RemoteState.Live), "the imports to be live");

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Evaluator.Dispose();
        ExportEvaluator.Dispose();
    }

    /// <summary>Called while a test waits for a condition.</summary>
    private protected virtual void OnPoll() { }

    private protected abstract ValueTask EndAsync();
}
