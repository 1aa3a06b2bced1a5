using Sheet.Model;

namespace Sheet.Views;

/// <summary>Shows a sheet.</summary>
internal interface ISheetView
{
    /// <summary>Shows all cells.</summary>
    /// <param name="sheet">The sheet.</param>
    /// <param name="changed">The cells to highlight.</param>
    /// <param name="status">The line below the cells.</param>
    void Show(Spreadsheet sheet, IReadOnlySet<CellAddress> changed, string status);

    /// <summary>Shows a line of text.</summary>
    void Say(string text);
}
