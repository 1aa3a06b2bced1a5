namespace Signals;

/// <summary>
/// Callback of a pump, held by nothing but the synchronisation context while it is posted: a context that drops it, as that of a user interface which has
/// ended, makes it unreachable, and its finalizer tells the pump.
/// </summary>
/// <param name="poster">The poster, which keeps the callback while it is not posted.</param>
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
