using System.Diagnostics;
using Signals;
using Signals.Remote;

namespace Plant.Story;

/// <summary>The story's own imports, by which it checks what it tells.</summary>
internal sealed class Observer : IDisposable
{
    private readonly RemoteProperty<double> _subscriptions;
    private readonly RemoteProperty<double> _measurements;
    private readonly RemoteProperty<double> _emitTime;
    private readonly RemoteSignal<long, double> _timer;

    internal Observer(ISignalImporter importer)
    {
        var latest = new ImportOptions { Overflow = RemoteOverflow.Latest, KeepLive = true };
        _subscriptions = importer.ImportProperty<double>(Names.Subscriptions, latest);
        _measurements = importer.ImportProperty<double>(Names.Measurements, latest);
        _emitTime = importer.ImportProperty<double>(Names.EmitTime, latest);
        _timer = importer.Import<long, double>(Names.Lateness);
    }

    /// <summary>Gets the number of its own subscriptions while it measures nothing.</summary>
    internal static int SubscriptionCount => 3;

    internal RemoteState State => _measurements.State;

    /// <summary>Gets the last number of measurements, which can be read in any state.</summary>
    internal double Measurements => _measurements.Value;

    /// <summary>Waits until all importers together have a number of subscriptions.</summary>
    internal async Task WaitForSubscriptionsAsync(int expected, CancellationToken stop)
    {
        try
        {
            await WaitForAsync(_subscriptions, value => (int)value == expected, stop);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"There should be {expected} subscriptions, and there are {_subscriptions.Value}.");
        }
    }

    /// <summary>Waits for a change of the state.</summary>
    internal async Task WaitForAsync(RemoteState state, CancellationToken stop)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using ScopedConnection connection = _measurements.StateChanged.Connect(changed => Complete(reached, changed == state));
        Complete(reached, _measurements.State == state);
        await reached.Task.WaitAsync(stop);
    }

    /// <summary>Takes some of the timer's values.</summary>
    internal async Task<Observation> ObserveAsync(int count, CancellationToken stop)
    {
        var numbers = new NumberedValues();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long start = 0;
        long end = 0;
        using ScopedConnection missed = _timer.Missed.Connect(numbers.Add);
        using ScopedConnection values = _timer.Connect(
            (number, _) =>
            {
                if (numbers.Arrived < count)
                {
                    end = Stopwatch.GetTimestamp();
                    start = start == 0 ? end : start;
                    numbers.Add(number);
                    Complete(done, numbers.Arrived == count);
                }
            }
        );
        await done.Task.WaitAsync(stop);
        values.Dispose();
        double seconds = Stopwatch.GetElapsedTime(start, end).TotalSeconds;

        // The next but one has begun after the last value.
        double measured = _measurements.Value;
        await WaitForAsync(_measurements, value => value >= measured + 2, stop);
        return new Observation(numbers, (count - 1) / seconds, _emitTime.Value);
    }

    public void Dispose()
    {
        _subscriptions.Dispose();
        _measurements.Dispose();
        _emitTime.Dispose();
        _timer.Dispose();
    }

    private static async Task WaitForAsync(RemoteProperty<double> property, Func<double, bool> condition, CancellationToken stop)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using ScopedConnection connection = property.ConnectWithCurrent(value => Complete(reached, property.HasValue && condition(value)));
        await reached.Task.WaitAsync(stop);
    }

    private static void Complete(TaskCompletionSource source, bool isReached)
    {
        if (isReached)
        {
            source.TrySetResult();
        }
    }
}
