namespace Signals;

/// <summary>Caller that waits until a deferred connection has no pending or running invocation.</summary>
/// <param name="connection">The connection.</param>
internal sealed class IdleWait(ConnectionHandle connection) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    internal ConnectionHandle Connection => connection;

    /// <summary>Gets or sets the next wait in the evaluator's list. Guarded by the evaluator.</summary>
    internal IdleWait? Next { get; set; }
}
