namespace Signals;

/// <summary>
/// Synchronization context of an evaluator's rounds: what is posted to it runs in a round, in order with the invocations of deferred slots.
/// </summary>
/// <param name="evaluator">The evaluator.</param>
internal sealed class EvaluatorContext(ConnectionEvaluator evaluator) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => evaluator.Continue(new Continuation(d, state));

    /// <summary>Runs a callback in a round, and waits for its end.</summary>
    public override void Send(SendOrPostCallback d, object? state)
    {
        if (evaluator.IsEvaluatingThread)
        {
            d(state);
            return;
        }

        var ended = new TaskCompletionSource();
        Post(
            _ =>
            {
                try
                {
                    d(state);
                    ended.SetResult();
                }
                catch (Exception exception)
                {
                    ended.SetException(exception);
                }
            },
            null
        );
        ended.Task.GetAwaiter().GetResult();
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Makes this the context of the current thread, and returns the previous one.</summary>
    internal SynchronizationContext? Install()
    {
        SynchronizationContext? outer = Current;
        SetSynchronizationContext(this);
        return outer;
    }
}
