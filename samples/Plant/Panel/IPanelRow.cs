namespace Plant.Panel;

/// <summary>A part of a page that is on the screen. Disposing it ends its import, and thereby its subscription.</summary>
internal interface IPanelRow : IDisposable
{
    /// <summary>Gets what it shows at the moment.</summary>
    IEnumerable<PanelLine> Lines { get; }
}
