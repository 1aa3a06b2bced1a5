using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Measures the evaluators that have a name, without keeping them alive. What listeners throw, which is user code, does not affect an evaluator.
/// All members are thread-safe. They are not called while a lock is held, except <see cref="MeasuresLag"/>.
/// </summary>
internal static class EvaluatorMetrics
{
    private const string NameAttribute = "signals.evaluator.name";

    private static readonly Meter Meter = new("Signals.Core", typeof(EvaluatorMetrics).Assembly.GetName().Version?.ToString(3));

    private static readonly ConditionalWeakTable<ConnectionEvaluator, object?> Evaluators = [];

    /// <summary>The numbers of invocations that disposed evaluators had dropped, by name: a counter does not decrease.</summary>
    private static readonly ConcurrentDictionary<string, long> DroppedBefore = new(StringComparer.Ordinal);

    private static readonly Histogram<double>? Lag = ListenerFailure.TryCreate(static () =>
        Meter.CreateHistogram(
            "signals.evaluator.lag",
            "s",
            "The time from the queueing of the oldest invocation of a round to the beginning of the round.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] }
        )
    );

    static EvaluatorMetrics()
    {
        _ = ListenerFailure.TryCreate(static () =>
            Meter.CreateObservableUpDownCounter(
                "signals.evaluator.pending",
                static () => Observe([], static evaluator => evaluator.PendingCount),
                "{invocation}",
                "The number of queued invocations that have not been started."
            )
        );
        _ = ListenerFailure.TryCreate(static () =>
            Meter.CreateObservableCounter(
                "signals.evaluator.dropped",
                static () => Observe(new Dictionary<string, long>(DroppedBefore, StringComparer.Ordinal), static evaluator => evaluator.DroppedCount),
                "{invocation}",
                "The number of invocations that were dropped because the queue was full, or replaced by a later value."
            )
        );
    }

    /// <summary>Gets a value that indicates whether the lag is measured.</summary>
    internal static bool MeasuresLag => Lag is { Enabled: true };

    /// <summary>Begins to measure an evaluator, which has a name.</summary>
    internal static void Add(ConnectionEvaluator evaluator) => Evaluators.TryAdd(evaluator, null);

    /// <summary>Ends measuring an evaluator, which has been disposed.</summary>
    internal static void Remove(ConnectionEvaluator evaluator)
    {
        if (Evaluators.Remove(evaluator) && evaluator.DroppedCount is var dropped and > 0)
        {
            DroppedBefore.AddOrUpdate(evaluator.Name!, dropped, (_, before) => before + dropped);
        }
    }

    internal static void RecordLag(string name, TimeSpan lag)
    {
        try
        {
            Lag?.Record(lag.TotalSeconds, new KeyValuePair<string, object?>(NameAttribute, name));
        }
        catch (Exception exception)
        {
            ListenerFailure.Report(exception);
        }
    }

    /// <summary>Returns a measurement for each name: listeners take one of several with the same attributes.</summary>
    private static List<Measurement<long>> Observe(Dictionary<string, long> sums, Func<ConnectionEvaluator, long> select)
    {
        foreach ((ConnectionEvaluator evaluator, _) in Evaluators)
        {
            sums[evaluator.Name!] = sums.GetValueOrDefault(evaluator.Name!) + select(evaluator);
        }

        return [.. sums.Select(static sum => new Measurement<long>(sum.Value, new KeyValuePair<string, object?>(NameAttribute, sum.Key)))];
    }
}
