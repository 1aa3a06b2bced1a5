namespace Signals;

/// <summary>Lets an evaluator be evaluated elsewhere, by one request at a time however many ask for it.</summary>
internal sealed class Pump(ConnectionEvaluator evaluator, Action<Exception>? exceptionHandler) : IThreadPoolWorkItem
{
    /// <summary>1 from a request until it is being served.</summary>
    private int _requested;

    /// <summary>Asks for an evaluation. Returns whether the caller has to arrange for <see cref="Run"/>.</summary>
    internal bool TryRequest() => Volatile.Read(ref _requested) == 0 && Interlocked.Exchange(ref _requested, 1) == 0;

    /// <summary>Takes back a request that could not be passed on, so that the next one is.</summary>
    internal void Withdraw() => Volatile.Write(ref _requested, 0);

    /// <summary>Serves the request.</summary>
    internal void Run()
    {
        // Before evaluating: what is queued from here on may be missed by the evaluation and must ask again.
        Interlocked.Exchange(ref _requested, 0);
        Evaluate();
    }

    /// <summary>Evaluates, and hands what slots throw to the handler if there is one.</summary>
    internal void Evaluate()
    {
        try
        {
            evaluator.EvaluateDeferredConnections();
        }
        catch (Exception exception) when (exceptionHandler is not null)
        {
            exceptionHandler(exception);
        }
    }

    void IThreadPoolWorkItem.Execute() => Run();
}
