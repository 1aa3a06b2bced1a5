namespace Signals.Systematic.Support;

/// <summary>Evaluator that sleeps as <see cref="ThreadEvaluator"/> does, on a thread of the scenario.</summary>
internal sealed class SleepingEvaluator : ConnectionEvaluator
{
    private readonly SemaphoreSlim _wake = new(0);

    /// <summary>Sleeps until something is queued, and runs it.</summary>
    internal void RunOneRound()
    {
        WaitForInvocations(_wake);
        EvaluateDeferredConnections();
    }
}
