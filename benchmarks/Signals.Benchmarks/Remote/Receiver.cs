using System.Diagnostics;
using System.Net.Sockets;

namespace Signals.Benchmarks.Remote;

/// <summary>Checks the values that the subscribers of one emitter receive, and acknowledges them.</summary>
/// <param name="acknowledgements">The socket for the acknowledgements.</param>
internal sealed class Receiver(Socket acknowledgements)
{
    private static readonly byte[] OneInterval = [1];

    private EmittingRun _run = new("", 0, 0, 1);
    private double[] _microseconds = [];
    private TaskCompletionSource _completion = new();

    /// <summary>The number of values of each subscriber.</summary>
    private long[] _counts = [];

    /// <summary>The number of subscribers that have received all values of each interval.</summary>
    private int[] _marks = [];

    /// <summary>Prepares for a run. Returns a task that completes when all subscribers have received all values.</summary>
    /// <param name="run">The run.</param>
    /// <param name="subscribers">The number of subscribers.</param>
    /// <param name="microseconds">Receives the times from the emissions to this process, if the run is timed.</param>
    internal Task Begin(EmittingRun run, int subscribers, double[]? microseconds = null)
    {
        _completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _microseconds = microseconds ?? [];
        _counts = new long[subscribers];
        _marks = new int[run.Count / run.Interval];
        Volatile.Write(ref _run, run);
        return _completion.Task;
    }

    /// <summary>Takes a value. Calls of one subscriber do not overlap.</summary>
    internal void OnValue(int subscriber, StampedValue value)
    {
        EmittingRun run = Volatile.Read(ref _run);
        if (run.IsTimed)
        {
            _microseconds[value.Number] = Stopwatch.GetElapsedTime(value.Timestamp).TotalMicroseconds;
        }

        long count = _counts[subscriber]++;
        if (value.Number != count)
        {
            Fail(new InvalidOperationException($"{run}: received {value.Number} instead of {count}."));
        }

        if ((count + 1) % run.Interval == 0)
        {
            Mark(count / run.Interval);
        }
    }

    /// <summary>Ends the run with a failure.</summary>
    internal void Fail(Exception failure) => _completion.TrySetException(failure);

    private void Mark(long interval)
    {
        if (Interlocked.Increment(ref _marks[interval]) != _counts.Length)
        {
            return;
        }

        bool isLast = interval == _marks.Length - 1;
        acknowledgements.Send(OneInterval);
        if (isLast)
        {
            _completion.TrySetResult();
        }
    }
}
