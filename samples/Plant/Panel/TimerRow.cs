using System.Diagnostics.CodeAnalysis;
using Signals;
using Signals.Remote;

namespace Plant.Panel;

/// <summary>The values of the timer, each of which is shown: about a thousand a second.</summary>
internal sealed class TimerRow : IPanelRow
{
    /// <summary>The number of values that may wait for a slow screen: older ones are not worth showing.</summary>
    private const int SlowCapacity = 32;

    private readonly RemoteSignal<long, double> _values;
    private readonly TimeSpan _drawTime;
    private readonly Action _changed;
    private readonly Action<string> _say;
    private double? _last;

    /// <summary>Imports the timer.</summary>
    /// <param name="importer">The importer.</param>
    /// <param name="evaluator">The evaluator of the panel, which runs the slots.</param>
    /// <param name="drawTime">The time that a slow screen takes for a value, or zero.</param>
    /// <param name="changed">The delegate that is called after a change.</param>
    /// <param name="say">The delegate that shows a message.</param>
    internal TimerRow(ISignalImporter importer, ConnectionEvaluator evaluator, TimeSpan drawTime, Action changed, Action<string> say)
    {
        _drawTime = drawTime;
        _changed = changed;
        _say = say;
        _values = importer.Import<long, double>(
            Names.Lateness,
            new ImportOptions { Capacity = drawTime > TimeSpan.Zero ? SlowCapacity : null, Evaluator = evaluator }
        );
        _values.StateChanged.Connect(changed);
        _values.Missed.Connect(OnMissed);
        _values.Connect(OnValue);
    }

    /// <summary>Gets the values that have arrived and those that were missed.</summary>
    internal NumberedValues Numbers { get; } = new();

    public IEnumerable<PanelLine> Lines =>
        [
            new PanelLine("lateness of a sleep of 1 ms", _last is { } last ? $"{last:N3}" : "", "ms", _values.State),
            new PanelLine("values", $"{Numbers.Arrived:N0}", "", _values.State),
            new PanelLine("missed", $"{Numbers.Missed:N0}", "", _values.State),
            new PanelLine("may wait for this panel", $"{_values.Granted?.Capacity:N0}", "", _values.State),
        ];

    public void Dispose() => _values.Dispose();

    [SuppressMessage("Signals", "SIG006", Justification = "The blocking slot is what this panel demonstrates.")]
    private void OnValue(long number, double lateness)
    {
        Numbers.Add(number);
        _last = lateness;
        if (_drawTime > TimeSpan.Zero)
        {
            // A terminal at the end of a slow line. It blocks this panel, and must block nothing else.
            Thread.Sleep(_drawTime);
        }

        _changed();
    }

    private void OnMissed(Missed missed)
    {
        if (Numbers.Missed == 0 || missed.Cause != MissedCause.Overflow)
        {
            _say($"missed {missed.Count?.ToString("N0", null) ?? "an unknown number"} of the timer's values: {missed.Cause}");
        }

        Numbers.Add(missed);
    }
}
