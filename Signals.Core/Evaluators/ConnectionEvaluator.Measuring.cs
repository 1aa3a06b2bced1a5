using System.Diagnostics;

namespace Signals;

// Measurements of an evaluator with a name. Invocations are not counted or timed one by one: the number of pending ones is read when a listener collects it,
// and of each round the time of the first invocation is measured, which is the only one that finds no room and takes the slower way.
public partial class ConnectionEvaluator
{
    /// <summary>
    /// The timestamp at which the oldest pending invocation was queued, or zero if it is unknown. Guarded by the queue's lock. If that invocation was
    /// dropped because the queue was full, it remains.
    /// </summary>
    private long _oldest;

    /// <summary>Gets the name under which the evaluator is measured, or null if it is not.</summary>
    public string? Name { get; }

    /// <summary>Gets a value that indicates whether the time that invocations wait is measured.</summary>
    private bool MeasuresLag => Name is not null && EvaluatorMetrics.MeasuresLag;

    private void BeginMeasuring()
    {
        if (Name is not null)
        {
            EvaluatorMetrics.Add(this);
        }
    }

    private void EndMeasuring()
    {
        if (Name is not null)
        {
            EvaluatorMetrics.Remove(this);
        }
    }

    /// <summary>Takes note of the time if the first invocation of a round is added. Called while the queue's lock is held.</summary>
    private void OnAdding()
    {
        if (MeasuresLag && _queue.PendingCount == 0)
        {
            _oldest = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Forgets the time of the first invocation if none is left. Called while the queue's lock is held.</summary>
    private void OnRemoved()
    {
        if (_oldest != 0 && _queue.PendingCount == 0)
        {
            _ = TakeOldest();
        }
    }

    /// <summary>
    /// Returns the timestamp at which the oldest invocation of a round that begins was queued, or zero, and has the next invocation take the slower way if
    /// its time is to be measured. Called while the queue's lock is held.
    /// </summary>
    private long TakeOldest()
    {
        long oldest = _oldest;
        _oldest = 0;
        if (!MeasuresLag)
        {
            return 0;
        }

        _queue.State.Room = 0;
        return oldest;
    }

    /// <summary>Measures the time that the oldest invocation of a round has waited. Called by the evaluating thread, while no lock is held.</summary>
    private void MeasureLag(long oldest) => EvaluatorMetrics.RecordLag(Name!, Stopwatch.GetElapsedTime(oldest));
}
