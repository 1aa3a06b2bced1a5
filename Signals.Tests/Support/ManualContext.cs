namespace Signals.Tests.Support;

/// <summary>Synchronization context whose callbacks run when a test requests it.</summary>
internal sealed class ManualContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();

    internal int Posted => _posted.Count;

    public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

    internal void RunAll()
    {
        while (Posted > 0)
        {
            RunOne();
        }
    }

    internal void RunOne()
    {
        (SendOrPostCallback callback, object? state) = _posted.Dequeue();
        callback(state);
    }
}
