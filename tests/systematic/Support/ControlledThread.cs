namespace Signals.Systematic.Support;

/// <summary>Thread as far as the libraries use it: it runs as a task, whose turn the exploration chooses.</summary>
/// <param name="start">The code of the thread.</param>
internal sealed class ControlledThread(ThreadStart start)
{
    internal static System.Threading.Thread CurrentThread => System.Threading.Thread.CurrentThread;

    internal bool IsBackground { get; set; }

    internal string? Name { get; set; }

    internal static void MemoryBarrier() => Interlocked.MemoryBarrier();

    internal static void Sleep(int milliseconds) => System.Threading.Thread.Sleep(milliseconds);

    internal static void Sleep(TimeSpan time) => System.Threading.Thread.Sleep(time);

    internal static void SpinWait(int iterations) => System.Threading.Thread.SpinWait(iterations);

    internal void Start() => _ = Task.Run(() => start());

    internal void UnsafeStart() => Start();
}
