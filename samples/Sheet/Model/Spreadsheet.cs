using Signals;

namespace Sheet.Model;

/// <summary>Cells by address. A cell exists after it has first been set or read.</summary>
/// <param name="machine">The figures that formulas can read.</param>
internal sealed class Spreadsheet(Machine machine) : IDisposable
{
    private readonly SortedDictionary<CellAddress, Cell> _cells = [];
    private long _computations;

    internal Machine Machine => machine;

    /// <summary>Gets the number of times that values of filled cells were computed.</summary>
    internal long Computations => Interlocked.Read(ref _computations);

    /// <summary>Gets the cells that the user has filled, row by row.</summary>
    internal IEnumerable<(CellAddress Address, Cell Cell)> Filled
    {
        get
        {
            lock (_cells)
            {
                return [.. _cells.Where(static entry => entry.Value.Input.Length > 0).Select(static entry => (entry.Key, entry.Value))];
            }
        }
    }

    internal Cell this[CellAddress address]
    {
        get
        {
            lock (_cells)
            {
                if (!_cells.TryGetValue(address, out Cell? cell))
                {
                    cell = new Cell(this);
                    _cells.Add(address, cell);
                }

                return cell;
            }
        }
    }

    public void Dispose()
    {
        foreach (Cell cell in _cells.Values)
        {
            cell.Dispose();
        }
    }

    internal void CountComputation() => Interlocked.Increment(ref _computations);

    internal double NumberAt(CellAddress address) => this[address].Number;

    /// <summary>Adds the numbers of a range to a list. Empty cells and texts are skipped.</summary>
    internal void AddNumbers(CellAddress first, CellAddress last, List<double> numbers)
    {
        for (int row = Math.Min(first.Row, last.Row); row <= Math.Max(first.Row, last.Row); row++)
        {
            for (int column = Math.Min(first.Column, last.Column); column <= Math.Max(first.Column, last.Column); column++)
            {
                if (this[new CellAddress(column, row)].TryGetNumber(out double number))
                {
                    numbers.Add(number);
                }
            }
        }
    }

    /// <summary>Replaces all cells. Values are computed once, after all cells have been replaced.</summary>
    internal void Load(IEnumerable<(CellAddress Address, string Input)> inputs)
    {
        using (Property.Batch())
        {
            foreach ((_, Cell cell) in Filled)
            {
                cell.Input = "";
            }

            foreach ((CellAddress address, string input) in inputs)
            {
                this[address].Input = input;
            }
        }
    }
}
