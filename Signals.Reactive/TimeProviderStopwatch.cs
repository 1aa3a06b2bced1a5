using System.Reactive.Concurrency;

namespace Signals.Reactive;

/// <summary>A stopwatch that goes by a time provider.</summary>
internal sealed class TimeProviderStopwatch(TimeProvider time) : IStopwatch
{
    private readonly MonotonicClock _clock = new(time);

    /// <inheritdoc/>
    public TimeSpan Elapsed => _clock.Elapsed;
}
