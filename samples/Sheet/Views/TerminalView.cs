using Sheet.Model;
using Spectre.Console;

namespace Sheet.Views;

/// <summary>Shows a sheet in a terminal. Highlighted cells flash: the next picture shows them as the others.</summary>
/// <param name="console">The terminal.</param>
/// <param name="isCleared">True if each picture takes the place of the one before.</param>
internal sealed class TerminalView(IAnsiConsole console, bool isCleared) : ISheetView
{
    private static readonly Style Plain = Style.Plain;
    private static readonly Style Flash = new(Color.Black, Color.Yellow);
    private static readonly Style Wrong = new(Color.Red);

    public void Show(Spreadsheet sheet, IReadOnlySet<CellAddress> changed, string status)
    {
        var grid = Grid.Of(sheet);
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("");
        for (int column = 0; column < grid.Columns; column++)
        {
            table.AddColumn(new TableColumn(Grid.NameOfColumn(column)).RightAligned());
        }

        for (int row = 0; row < grid.Rows; row++)
        {
            table.AddRow([new Text(Grid.NameOfRow(row)), .. Enumerable.Range(0, grid.Columns).Select(column => Draw(sheet, new(column, row), changed))]);
        }

        if (isCleared)
        {
            console.Clear();
        }

        console.Write(table);
        console.WriteLine(status);
    }

    public void Say(string text) => console.WriteLine(text);

    private static Text Draw(Spreadsheet sheet, CellAddress address, IReadOnlySet<CellAddress> changed)
    {
        string text = sheet[address].Text;
        return new Text(
            text,
            changed.Contains(address) ? Flash
                : text.StartsWith('#') ? Wrong
                : Plain
        );
    }
}
