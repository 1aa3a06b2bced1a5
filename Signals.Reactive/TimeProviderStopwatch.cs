using System.Reactive.Concurrency;

namespace Signals.Reactive;

/// <summary>Stopwatch that measures the time of a time provider.</summary>
internal sealed class TimeProviderStopwatch(TimeProvider time) : IStopwatch
{
    private readonly MonotonicClock _clock = new(time);

    /// <inheritdoc/>
    public TimeSpan Elapsed => _clock.Elapsed;
}
