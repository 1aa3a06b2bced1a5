using System.Diagnostics.Metrics;

namespace Signals.Tests.Telemetry.Support;

/// <summary>A listener that throws at each measurement.</summary>
internal sealed class Throwing : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _thrown;

    internal Throwing()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Signals.", StringComparison.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Throw());
        _listener.SetMeasurementEventCallback<long>((_, _, _, _) => Throw());
        _listener.Start();
    }

    /// <summary>Gets the number of exceptions that were thrown.</summary>
    internal int Thrown => Volatile.Read(ref _thrown);

    public void Dispose() => _listener.Dispose();

    private void Throw()
    {
        Interlocked.Increment(ref _thrown);
        throw new InvalidOperationException("on purpose");
    }
}
