using Signals.Remote;
using Spectre.Console;

namespace Plant.Panel;

/// <summary>Draws each picture over the one before.</summary>
internal sealed class TerminalView(IAnsiConsole console) : IPanelView
{
    private const int TitleWidth = 34;
    private const int ValueWidth = 14;
    private const int UnitWidth = 6;
    private const int StateWidth = 8;
    private const string Home = "\e[H";
    private const string EraseLine = "\e[K";
    private const string EraseBelow = "\e[J";

    private bool _isCleared;

    public void Show(PanelPicture picture)
    {
        Table table = new Table()
            .Border(TableBorder.Rounded)
            .Title($"{picture.Page.EscapeMarkup()} ({picture.Place})")
            .AddColumn(new TableColumn("gauge").Width(TitleWidth))
            .AddColumn(new TableColumn("value").RightAligned().Width(ValueWidth))
            .AddColumn(new TableColumn("unit").Width(UnitWidth))
            .AddColumn(new TableColumn("state").Width(StateWidth));
        foreach (PanelLine line in picture.Lines.Append(picture.Interval))
        {
            // The value of an import that is stale can still be read, but it is not the present one.
            Style style = line.State == RemoteState.Live ? Style.Plain : new Style(Color.Grey);
            table.AddRow(
                new Text(line.Title, style),
                new Text(line.Value, style),
                new Text(line.Unit, style),
                new Text($"{line.State}", StyleOf(line.State))
            );
        }

        if (!_isCleared)
        {
            // Later pictures only replace the text, which does not flicker.
            _isCleared = true;
            console.Clear();
        }

        console.Write(new ControlCode(Home));
        console.Write(table);
        Write(picture.Message);
        Write(PanelSession.Help);
        console.Write(new ControlCode(EraseBelow));
    }

    private static Style StyleOf(RemoteState state) =>
        new(
            state switch
            {
                RemoteState.Live => Color.Green,
                RemoteState.Stale or RemoteState.Waiting => Color.Yellow,
                _ => Color.Red,
            }
        );

    private void Write(string text)
    {
        console.Write(new Text(text));
        console.Write(new ControlCode(EraseLine));
        console.WriteLine();
    }
}
