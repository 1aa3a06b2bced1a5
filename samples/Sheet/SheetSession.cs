using System.Globalization;
using Sheet.Model;
using Sheet.Views;

namespace Sheet;

/// <summary>Runs commands of a script or a user.</summary>
internal sealed class SheetSession : IDisposable
{
    internal const string Help = """
        A1: TEXT         puts a number, a text or a formula such as =A2+B2*2 or =SUM(A1:A9) into a cell
        A1:              empties the cell
        show             shows the sheet
        machine CPU MEM  sets what formulas read as CPU and MEM, in percent
        measure          measures the CPU and the memory
        load FILE        replaces the sheet with the cells of a CSV file
        save FILE        writes the cells to a CSV file
        """;

    private readonly ISheetView _view;
    private readonly ChangeWatch _watch = new();

    /// <summary>The cells that have changed since they were last shown.</summary>
    private readonly SortedSet<CellAddress> _unseen = [];

    private long _computedBefore;

    internal SheetSession(Spreadsheet sheet, ISheetView view)
    {
        Sheet = sheet;
        _view = view;
    }

    internal Spreadsheet Sheet { get; }

    /// <summary>Runs a line, and shows the cells that it has changed.</summary>
    /// <exception cref="FormatException">The line is not a command.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    internal void Run(string line)
    {
        line = line.Trim();
        if (line.Length == 0)
        {
            return;
        }

        if (line.StartsWith('#'))
        {
            _view.Say(line);
            return;
        }

        int length = CellAddress.Read(line, out CellAddress address);
        if (length > 0 && line.AsSpan(length).TrimStart().StartsWith(':'))
        {
            Sheet[address].Input = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            SayChanges(line);
            return;
        }

        switch (line.Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            case ["show"]:
                Show();
                return;
            case ["measure"]:
                Sheet.Machine.Measure();
                break;
            case ["machine", string figures] when TryParse(figures, out double cpu, out double memory):
                Sheet.Machine.Set(cpu, memory);
                break;
            case ["load", string file]:
                Load(file);
                break;
            case ["save", string file]:
                Save(file);
                return;
            default:
                throw new FormatException($"\"{line}\" is not a command.");
        }

        SayChanges(line);
    }

    internal void Load(string file)
    {
        using var reader = new StreamReader(file);
        Sheet.Load(Csv.Load(reader));
    }

    internal void Save(string file)
    {
        using var writer = new StreamWriter(file);
        Csv.Save(Sheet, writer);
    }

    /// <summary>Shows the sheet. Cells that have changed since the last picture are highlighted.</summary>
    internal void Show(string? prompt = null)
    {
        _watch.Follow(Sheet);
        _unseen.UnionWith(_watch.TakeChanged());
        _view.Show(Sheet, _unseen, prompt ?? $"{Sheet.Computations} values computed so far");
        _unseen.Clear();
    }

    public void Dispose() => _watch.Dispose();

    /// <summary>Returns the number of values that were computed since the last call, and the cells that have changed.</summary>
    private string DescribeChanges(IReadOnlySet<CellAddress> changed)
    {
        long computed = Sheet.Computations - _computedBefore;
        _computedBefore = Sheet.Computations;
        string list = string.Join(", ", changed.Select(address => $"{address} = {Sheet[address].Text}"));
        return string.Create(CultureInfo.InvariantCulture, $"{computed} computed{(list.Length == 0 ? "" : $": {list}")}");
    }

    private void SayChanges(string line)
    {
        _watch.Follow(Sheet);
        IReadOnlySet<CellAddress> changed = _watch.TakeChanged();
        _unseen.UnionWith(changed);
        _view.Say($"{line, -28} {DescribeChanges(changed)}");
    }

    private static bool TryParse(string figures, out double cpu, out double memory)
    {
        memory = 0;
        cpu = 0;
        return figures.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [string first, string second]
            && double.TryParse(first, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out cpu)
            && double.TryParse(second, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out memory);
    }
}
