namespace Signals;

/// <summary>Posts the callbacks of one pump, of which one at a time is pending, to a synchronisation context.</summary>
/// <param name="context">The context.</param>
internal sealed class ContextPoster(SynchronizationContext context)
{
    private static readonly SendOrPostCallback RunCallback = static callback => ((ContextCallback)callback!).Run();

    /// <summary>The callback while it is not posted, to be used again, or null while the context has it.</summary>
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

    /// <summary>Takes back a callback that the context has run or refused.</summary>
    internal void TakeBack(ContextCallback callback) => Volatile.Write(ref _idle, callback);
}
