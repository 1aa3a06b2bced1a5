using System.Globalization;
using Signals;

namespace Sheet.Model;

/// <summary>A cell: its input is a property, and its value a computed property.</summary>
internal sealed class Cell : IDisposable
{
    private readonly Property<string> _input = new("");
    private readonly Computed<Func<double>?> _formula;
    private readonly Computed<object> _value;

    internal Cell(Spreadsheet sheet)
    {
        // A formula is parsed again only when its text changes, and not when a cell that it reads changes.
        _formula = Computed.Of<Func<double>?>(() => _input.Value.StartsWith('=') ? Formula.Parse(_input.Value[1..], sheet) : null);
        _value = Computed.Of(() => Compute(sheet));
    }

    /// <summary>Gets or sets the input of the user: a number, a text, or a formula that begins with "=".</summary>
    internal string Input
    {
        get => _input.Value;
        set => _input.Value = value;
    }

    /// <summary>Gets the number that the cell has in a formula. An empty cell is 0.</summary>
    /// <exception cref="CellError">The cell has no number.</exception>
    internal double Number =>
        TryGetNumber(out double number) ? number
        : _value.Value is "" ? 0
        : throw new CellError(CellError.NotANumber);

    internal bool TryGetNumber(out double number)
    {
        bool isNumber = _value.Value is double;
        number = isNumber ? (double)_value.Value : 0;
        return isNumber;
    }

    /// <summary>Gets the text that the cell shows. Each value is computed at most once for a change, however often it is read.</summary>
    internal string Text
    {
        get
        {
            try
            {
                return _value.Value is double number ? number.ToString("0.##", CultureInfo.InvariantCulture) : (string)_value.Value;
            }
            catch (PropertyCycleException)
            {
                return CellError.Cycle;
            }
            catch (CellError error)
            {
                return error.Message;
            }
        }
    }

    public void Dispose()
    {
        _value.Dispose();
        _formula.Dispose();
        _input.Dispose();
    }

    private object Compute(Spreadsheet sheet)
    {
        if (_input.Value.Length > 0)
        {
            sheet.CountComputation();
        }

        return _formula.Value is { } formula ? formula()
            : double.TryParse(_input.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
            : _input.Value;
    }
}
