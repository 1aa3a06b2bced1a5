using Signals.Tests.Tracking.Protos;

namespace Signals.Tests.Tracking;

/// <summary>A slice of a trace.</summary>
internal sealed record Slice(string Category, string Name, TrackDescriptor Track, ulong[] Flows, ulong[] EndedFlows)
{
    /// <summary>Gets or sets the slice of the same track in which this one began, or null.</summary>
    internal Slice? Parent { get; set; }
}
