namespace Signals;

/// <summary>Posts the callbacks of one pump to a synchronization context. At most one callback is pending at a time.</summary>
/// <param name="context">The context.</param>
internal sealed class ContextPoster(SynchronizationContext context)
{
    private static readonly SendOrPostCallback RunCallback = static callback => ((ContextCallback)callback!).Run();

    /// <summary>The callback to reuse while none is posted, or null while the context holds it.</summary>
    private ContextCallback? _idle;

    internal void Post(Pump pump)
    {
        ContextCallback callback = Volatile.Read(ref _idle) ?? new ContextCallback(this, pump);
        _idle = null;
        try
        {
            context.Post(RunCallback, callback);
        }
        catch
        {
            TakeBack(callback);
            throw;
        }
    }

    /// <summary>Makes a callback that the context has run or rejected available for reuse.</summary>
    internal void TakeBack(ContextCallback callback) => Volatile.Write(ref _idle, callback);
}
