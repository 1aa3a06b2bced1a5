namespace Signals;

/// <summary>
/// Callback of a pump. While it is posted, only the synchronization context references it: if the context drops it, for example because the
/// user interface has ended, it becomes unreachable, and its finalizer notifies the pump.
/// </summary>
/// <param name="poster">The poster, which references the callback while it is not posted.</param>
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
