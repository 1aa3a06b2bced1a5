using System.Text;
using Sheet.Model;

namespace Sheet.Views;

/// <summary>Shows a sheet as lines of text, with a star at each highlighted cell.</summary>
internal sealed class TextView(TextWriter output) : ISheetView
{
    private const int RowWidth = 3;
    private const int CellWidth = 11;
    private const char Highlight = '*';

    public void Show(Spreadsheet sheet, IReadOnlySet<CellAddress> changed, string status)
    {
        var grid = Grid.Of(sheet);
        var line = new StringBuilder(new string(' ', RowWidth));
        for (int column = 0; column < grid.Columns; column++)
        {
            line.Append('|').Append(Grid.NameOfColumn(column).PadLeft(CellWidth - 1)).Append(' ');
        }

        output.WriteLine(line.ToString().TrimEnd());
        output.WriteLine(new string('-', RowWidth) + string.Concat(Enumerable.Repeat('+' + new string('-', CellWidth), grid.Columns)));
        for (int row = 0; row < grid.Rows; row++)
        {
            line.Clear().Append(Grid.NameOfRow(row).PadLeft(RowWidth - 1)).Append(' ');
            for (int column = 0; column < grid.Columns; column++)
            {
                var address = new CellAddress(column, row);
                string text = sheet[address].Text;
                text = text.Length < CellWidth ? text : text[..(CellWidth - 2)] + '~';
                line.Append('|').Append(text.PadLeft(CellWidth - 1)).Append(changed.Contains(address) ? Highlight : ' ');
            }

            output.WriteLine(line.ToString().TrimEnd());
        }

        output.WriteLine(status);
    }

    public void Say(string text) => output.WriteLine(text);
}
