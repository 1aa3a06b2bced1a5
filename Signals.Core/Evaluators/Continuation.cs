namespace Signals;

/// <summary>The code that follows an <see langword="await"/> of an asynchronous slot.</summary>
/// <param name="callback">The callback of the awaiter.</param>
/// <param name="state">The argument of the callback.</param>
internal readonly struct Continuation(SendOrPostCallback callback, object? state)
{
    internal void Run() => callback(state);

    internal void RunOnThreadPool() => ThreadPool.UnsafeQueueUserWorkItem(static continuation => continuation.Run(), this, preferLocal: false);
}
