namespace Signals.Benchmarks.Deferred;

/// <summary>Eight slots with different methods and a common count, for which the emitting thread waits.</summary>
internal sealed class CountingSlots : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly ManualResetEventSlim _reached = new();
    private int _remaining;

    internal CountingSlots() => Slots = [Run0, Run1, Run2, Run3, Run4, Run5, Run6, Run7];

    internal Action<int>[] Slots { get; }

    /// <summary>Sets the number of expected calls. No call may have started.</summary>
    internal void Expect(int calls)
    {
        _remaining = calls;
        _reached.Reset();
    }

    /// <summary>Waits for the expected calls.</summary>
    internal void Wait()
    {
        if (!_reached.Wait(LongestWait))
        {
            throw new TimeoutException($"{Volatile.Read(ref _remaining)} calls are missing after {LongestWait.TotalSeconds} s.");
        }
    }

    public void Dispose() => _reached.Dispose();

    private void Run0(int value) => Count();

    private void Run1(int value) => Count();

    private void Run2(int value) => Count();

    private void Run3(int value) => Count();

    private void Run4(int value) => Count();

    private void Run5(int value) => Count();

    private void Run6(int value) => Count();

    private void Run7(int value) => Count();

    private void Count()
    {
        _remaining--;
        if (_remaining == 0)
        {
            _reached.Set();
        }
    }
}
