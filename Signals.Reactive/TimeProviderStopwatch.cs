using System.Reactive.Concurrency;

namespace Signals.Reactive;

/// <summary>A stopwatch that goes by a time provider.</summary>
internal sealed class TimeProviderStopwatch(TimeProvider time) : IStopwatch
{
    private readonly long _start = time.GetTimestamp();

    /// <inheritdoc/>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);
}
