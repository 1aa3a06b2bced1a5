using System.Globalization;
using Sheet.Model;

namespace Sheet.Views;

/// <summary>The part of a sheet that is shown: all filled cells, and a few more.</summary>
/// <param name="Columns">The number of columns.</param>
/// <param name="Rows">The number of rows.</param>
internal readonly record struct Grid(int Columns, int Rows)
{
    private const int FewestColumns = 4;
    private const int FewestRows = 3;

    internal static Grid Of(Spreadsheet sheet)
    {
        int columns = FewestColumns;
        int rows = FewestRows;
        foreach ((CellAddress address, _) in sheet.Filled)
        {
            columns = Math.Max(columns, address.Column + 1);
            rows = Math.Max(rows, address.Row + 1);
        }

        return new Grid(columns, rows);
    }

    internal static string NameOfColumn(int column) => $"{(char)('A' + column)}";

    internal static string NameOfRow(int row) => (row + 1).ToString(CultureInfo.InvariantCulture);
}
