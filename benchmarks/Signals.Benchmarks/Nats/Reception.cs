using System.Diagnostics;
using Signals.Benchmarks.Remote;

namespace Signals.Benchmarks.Nats;

/// <summary>Checks the values that a subscriber receives, and keeps the publisher from being further ahead than a window.</summary>
internal sealed class Reception
{
    /// <summary>The number of values after which the publisher may continue.</summary>
    internal const int Interval = 256;

    private const int Window = 4096;

    private readonly SemaphoreSlim _room = new(Window / Interval);
    private TaskCompletionSource _completion = new();
    private double[]? _microseconds;
    private long _next;
    private long _count;

    /// <summary>Publishes values as fast as the subscriber takes them. Returns the number of values a second.</summary>
    internal async Task<double> MeasureRateAsync(IDistributor distributor, int count)
    {
        Begin(count, microseconds: null);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            if (i % Interval == 0)
            {
                await _room.WaitAsync();
            }

            ValueTask published = distributor.PublishAsync(new StampedValue(0, i));
            if (!published.IsCompletedSuccessfully)
            {
                await published;
            }
        }

        await _completion.Task;
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Publishes values one by one, each after the previous one has arrived, and records the times.</summary>
    internal async Task MeasureDelayAsync(IDistributor distributor, double[] microseconds)
    {
        for (int i = 0; i < microseconds.Length; i++)
        {
            Begin(1, microseconds);
            await distributor.PublishAsync(new StampedValue(Stopwatch.GetTimestamp(), i));
            await _completion.Task;
        }
    }

    /// <summary>Takes a value. Calls do not overlap.</summary>
    internal void OnValue(StampedValue value)
    {
        if (_microseconds is { } times)
        {
            times[value.Number] = Stopwatch.GetElapsedTime(value.Timestamp).TotalMicroseconds;
            _completion.TrySetResult();
            return;
        }

        if (value.Number != _next)
        {
            _completion.TrySetException(new InvalidOperationException($"Received {value.Number} instead of {_next}."));
        }

        _next++;
        if (_next % Interval == 0)
        {
            _room.Release();
        }

        if (_next == _count)
        {
            _completion.TrySetResult();
        }
    }

    private void Begin(int count, double[]? microseconds)
    {
        _completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _microseconds = microseconds;
        _count = count;
        Volatile.Write(ref _next, 0);
    }
}
