namespace Signals.Systematic.Support;

/// <summary>Thread as far as the libraries use it: it runs as a task, whose turn the exploration chooses.</summary>
/// <param name="start">The code of the thread.</param>
internal sealed class ControlledThread(ThreadStart start)
{
    internal static System.Threading.Thread CurrentThread => System.Threading.Thread.CurrentThread;

    internal bool IsBackground { get; set; }

    internal string? Name { get; set; }

    /// <summary>Gets a value that indicates whether the thread has not ended. Traces, which alone use it, are never recorded here.</summary>
    internal bool IsAlive => true;

    public static implicit operator ControlledThread(System.Threading.Thread thread) => new(static () => { }) { Name = thread.Name };

    public static bool operator ==(System.Threading.Thread current, ControlledThread thread) => false;

    public static bool operator !=(System.Threading.Thread current, ControlledThread thread) => true;

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <inheritdoc cref="IsAlive"/>
    internal bool Join(TimeSpan limit) => false;

    internal static void MemoryBarrier() => Interlocked.MemoryBarrier();

    internal static void Sleep(int milliseconds) => System.Threading.Thread.Sleep(milliseconds);

    internal static void Sleep(TimeSpan time) => System.Threading.Thread.Sleep(time);

    internal static void SpinWait(int iterations) => System.Threading.Thread.SpinWait(iterations);

    internal void Start() => _ = Task.Run(() => start());

    internal void UnsafeStart() => Start();
}
