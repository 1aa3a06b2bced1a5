using Signals.Remote;

namespace Signals.Benchmarks.Remote;

/// <summary>Accounts for the numbers that an import receives: each arrives once and in order, or is reported as missed before the next one.</summary>
internal sealed class SoakLedger
{
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _wanted;

    /// <summary>The next number, or zero if it is unknown.</summary>
    private long _next;
    private long _received;

    internal SoakLedger(RemoteSignal<long> numbers, int wanted)
    {
        _wanted = wanted;
        numbers.Missed.Connect(OnMissed);
        numbers.Connect(OnNumber);
    }

    /// <summary>Gets a task that completes when the wanted numbers have been received, and fails when one is wrong.</summary>
    internal Task Enough => _enough.Task;

    internal long Received => Volatile.Read(ref _received);

    /// <summary>Gets the number of gaps of which the number is unknown.</summary>
    internal int Restarts { get; private set; }

    private void OnMissed(Missed gap)
    {
        if (gap.Count is { } count)
        {
            _next += _next == 0 ? 0 : count;
            return;
        }

        Restarts++;
        _next = 0;
    }

    private void OnNumber(long number)
    {
        if (_next != 0 && number != _next)
        {
            _enough.TrySetException(new InvalidOperationException($"Received {number} instead of {_next}."));
        }

        _next = number + 1;
        Volatile.Write(ref _received, _received + 1);
        if (_received == _wanted)
        {
            _enough.TrySetResult();
        }
    }
}
