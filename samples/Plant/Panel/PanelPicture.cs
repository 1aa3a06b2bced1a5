namespace Plant.Panel;

/// <summary>A picture of the panel.</summary>
/// <param name="Page">The name of the page.</param>
/// <param name="Place">Its number, and that of all pages.</param>
/// <param name="Lines">The lines of the page.</param>
/// <param name="Interval">The time between two measurements.</param>
/// <param name="Message">The last message.</param>
internal sealed record PanelPicture(string Page, string Place, IReadOnlyList<PanelLine> Lines, PanelLine Interval, string Message);
