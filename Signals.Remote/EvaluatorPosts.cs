namespace Signals.Remote;

/// <summary>Queues actions at evaluators, which may be of the user and throw, for instance when they wake the thread that evaluates.</summary>
internal static class EvaluatorPosts
{
    /// <summary>Queues an action. A disposed evaluator ignores it.</summary>
    /// <param name="evaluator">The evaluator.</param>
    /// <param name="action">The action.</param>
    /// <param name="exception">The exception of the evaluator, or null. The action may be queued nevertheless.</param>
    /// <returns>False if the evaluator threw.</returns>
    internal static bool TryPost(
        ConnectionEvaluator evaluator,
        Action action,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Exception? exception
    )
    {
        try
        {
            evaluator.Post(action);
            exception = null;
            return true;
        }
        catch (Exception thrown)
        {
            exception = thrown;
            return false;
        }
    }
}
