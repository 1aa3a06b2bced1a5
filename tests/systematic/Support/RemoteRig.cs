using Signals.Remote;

namespace Signals.Systematic.Support;

/// <summary>An exchange within the process, whose imports run when the scenario evaluates.</summary>
internal sealed class RemoteRig : IDisposable
{
    private readonly ConnectionEvaluator _evaluator = new();

    internal RemoteRig(TimeProvider? time = null) => Exchange = new LocalExchange(_evaluator, time);

    internal LocalExchange Exchange { get; }

    /// <summary>Runs what the imports have been sent, until nothing more arrives.</summary>
    internal void Evaluate()
    {
        while (_evaluator.EvaluateDeferredConnections() > 0) { }
    }

    public void Dispose()
    {
        Exchange.Dispose();
        _evaluator.Dispose();
    }
}
