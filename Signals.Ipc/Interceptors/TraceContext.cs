using System.Diagnostics;

namespace Signals.Ipc.Interceptors;

/// <summary>The W3C trace context of a call, as it travels in headers.</summary>
/// <param name="Parent">The value of <c>traceparent</c>, which is valid.</param>
/// <param name="State">The value of <c>tracestate</c>, or null.</param>
internal sealed record TraceContext(string Parent, string? State)
{
    internal const string ParentHeader = "traceparent";
    internal const string StateHeader = "tracestate";

    /// <summary>The position of the id of the trace in <see cref="Parent"/>, which begins with the version.</summary>
    private const int TraceIdOffset = 3;

    /// <summary>Returns the context with the values of the headers, or null if they are not valid.</summary>
    internal static TraceContext? Of(string parent, string? state) => ActivityContext.TryParse(parent, state, out _) ? new(parent, state) : null;

    /// <summary>Returns the context of the current activity for a call, or that which the options of the call contain, or null.</summary>
    internal static TraceContext? Current(TraceContext? inherited)
    {
        Activity? current = Activity.Current;
        return current is not null && (inherited is null || inherited.IsOf(current)) ? Of(current) ?? inherited : inherited;
    }

    /// <summary>Returns the context of an activity, or null if the format of its id is not that of W3C.</summary>
    internal static TraceContext? Of(Activity activity) =>
        activity is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? new(id, activity.TraceStateString) : null;

    /// <summary>Returns a value that indicates whether an activity belongs to the same trace: it is then nearer to the call than this context.</summary>
    internal bool IsOf(Activity activity) => Parent.AsSpan(TraceIdOffset).StartsWith(activity.TraceId.ToHexString(), StringComparison.Ordinal);

    internal ActivityContext ToActivityContext() =>
        ActivityContext.TryParse(Parent, State, isRemote: true, out ActivityContext context) ? context : default;
}
