namespace Signals.Systematic.Support;

/// <summary>Source of tokens whose callbacks run in a task that the exploration controls, where the library's run on the thread pool.</summary>
internal sealed class ControlledCancellation : System.Threading.CancellationTokenSource
{
    internal static new ControlledCancellation CreateLinkedTokenSource(CancellationToken first, CancellationToken second)
    {
        var linked = new ControlledCancellation();
        first.UnsafeRegister(static source => ((ControlledCancellation)source!).Cancel(), linked);
        second.UnsafeRegister(static source => ((ControlledCancellation)source!).Cancel(), linked);
        return linked;
    }

    internal new Task CancelAsync() => Task.Run(() => Cancel());
}
