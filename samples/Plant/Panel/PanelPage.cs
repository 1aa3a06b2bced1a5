namespace Plant.Panel;

/// <summary>The page that is on the screen. Disposing it ends its imports.</summary>
internal sealed class PanelPage(string name, IReadOnlyList<IPanelRow> rows) : IDisposable
{
    internal string Name => name;

    internal IReadOnlyList<IPanelRow> Rows => rows;

    public void Dispose()
    {
        foreach (IPanelRow row in rows)
        {
            row.Dispose();
        }
    }
}
