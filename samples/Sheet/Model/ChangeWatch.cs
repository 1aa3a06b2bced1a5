using Signals;

namespace Sheet.Model;

/// <summary>Collects the cells whose texts have changed. Each cell has an effect, which runs only when the text of the cell may have changed.</summary>
internal sealed class ChangeWatch : IDisposable
{
    private readonly Dictionary<CellAddress, Effect> _effects = [];
    private readonly Dictionary<CellAddress, string> _texts = [];
    private readonly SortedSet<CellAddress> _changed = [];

    /// <summary>Follows the cells that have been filled since the last call.</summary>
    internal void Follow(Spreadsheet sheet)
    {
        foreach ((CellAddress address, Cell cell) in sheet.Filled)
        {
            if (!_effects.ContainsKey(address))
            {
                _effects.Add(address, Effect.Run(() => Note(address, cell.Text)));
            }
        }
    }

    /// <summary>Returns the cells that have changed since the last call, row by row.</summary>
    internal IReadOnlySet<CellAddress> TakeChanged()
    {
        var changed = new SortedSet<CellAddress>(_changed);
        _changed.Clear();
        return changed;
    }

    public void Dispose()
    {
        foreach (Effect effect in _effects.Values)
        {
            effect.Dispose();
        }
    }

    private void Note(CellAddress address, string text)
    {
        if (_texts.GetValueOrDefault(address, "") != text)
        {
            _texts[address] = text;
            _changed.Add(address);
        }
    }
}
