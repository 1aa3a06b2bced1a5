namespace Signals;

/// <summary>
/// Callback of a pump, held only by the synchronization context while it is posted: a context that drops it, as that of a user interface that has
/// ended, makes it unreachable, and its finalizer tells the pump.
/// </summary>
/// <param name="poster">The poster, which holds the callback while it is not posted.</param>
/// <param name="pump">The pump.</param>
internal sealed class ContextCallback(ContextPoster poster, Pump pump)
{
    ~ContextCallback() => pump.OnDropped();

    internal void Run()
    {
        poster.TakeBack(this);
        pump.Run();
    }
}
