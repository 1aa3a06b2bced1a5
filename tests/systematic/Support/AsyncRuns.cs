namespace Signals.Systematic.Support;

/// <summary>
/// Asynchronous slot that logs its runs and notices when two of them overlap. A run ends when the scenario ends it or when its token is canceled.
/// </summary>
/// <param name="count">The number of emissions, which have the numbers from zero.</param>
internal sealed class AsyncRuns(int count)
{
    private readonly TaskCompletionSource[] _ends = [.. Enumerable.Range(0, count).Select(_ => new TaskCompletionSource())];
    private readonly bool[] _isCanceled = new bool[count];
    private int _active;

    /// <summary>Gets the numbers of the emissions whose runs have started.</summary>
    internal List<int> Started { get; } = [];

    internal bool HasOverlapped { get; private set; }

    /// <summary>Gets a value that indicates whether no run is active.</summary>
    internal bool IsIdle => Volatile.Read(ref _active) == 0;

    /// <summary>Determines whether the token of a run that has ended was canceled.</summary>
    internal bool IsCanceled(int number) => _isCanceled[number];

    /// <summary>Ends a run, also one that has not started yet.</summary>
    internal void End(int number) => _ends[number].TrySetResult();

    /// <summary>The slot.</summary>
    internal ValueTask RunAsync(int number, CancellationToken token) => new(Run(number, token));

    private async Task Run(int number, CancellationToken token)
    {
        HasOverlapped |= Interlocked.Increment(ref _active) != 1;
        Started.Add(number);
        token.UnsafeRegister(static end => ((TaskCompletionSource)end!).TrySetResult(), _ends[number]);
        await _ends[number].Task;
        _isCanceled[number] = token.IsCancellationRequested;
        Interlocked.Decrement(ref _active);
    }
}
