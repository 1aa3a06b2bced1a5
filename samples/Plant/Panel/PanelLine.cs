using Signals.Remote;

namespace Plant.Panel;

/// <summary>A line of a page.</summary>
/// <param name="Title">The title of the figure.</param>
/// <param name="Value">The figure, or nothing until there is one.</param>
/// <param name="Unit">The unit.</param>
/// <param name="State">The state of its import.</param>
internal sealed record PanelLine(string Title, string Value, string Unit, RemoteState State);
