using OpenTelemetry.Metrics;

namespace Signals.Tests.Telemetry.Support;

/// <summary>The measurements of an instrument with the same attributes.</summary>
/// <param name="Attributes">The attributes.</param>
/// <param name="Value">The sum.</param>
/// <param name="Count">The number of measurements of a histogram; otherwise zero.</param>
/// <param name="Bounds">The bounds of the buckets of a histogram, the last one of which is infinite; otherwise empty.</param>
internal sealed record Point(IReadOnlyDictionary<string, object?> Attributes, double Value, long Count, double[] Bounds)
{
    internal static Point Of(MetricSnapshot metric, MetricPoint point)
    {
        var attributes = new Dictionary<string, object?>();
        foreach (KeyValuePair<string, object?> attribute in point.Tags)
        {
            attributes.Add(attribute.Key, attribute.Value);
        }

        if (metric.MetricType != MetricType.Histogram)
        {
            return new Point(attributes, point.GetSumLong(), 0, []);
        }

        var bounds = new List<double>();
        foreach (HistogramBucket bucket in point.GetHistogramBuckets())
        {
            bounds.Add(bucket.ExplicitBound);
        }

        return new Point(attributes, point.GetHistogramSum(), point.GetHistogramCount(), [.. bounds]);
    }

    /// <summary>Returns the attributes as a text, in the order of their names.</summary>
    internal string Text =>
        string.Join(' ', Attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}"));
}
