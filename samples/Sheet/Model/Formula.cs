using System.Globalization;

namespace Sheet.Model;

/// <summary>
/// Reads formulas: numbers, cells, CPU and MEM, + - * / ( ), and SUM, AVG, MIN, MAX and COUNT of cells, ranges and expressions. A formula becomes a
/// delegate that reads the cells it needs; the properties behind the cells are tracked.
/// </summary>
internal sealed class Formula
{
    private readonly string _text;
    private readonly Spreadsheet _sheet;
    private int _next;

    private Formula(string text, Spreadsheet sheet)
    {
        _text = text;
        _sheet = sheet;
    }

    /// <summary>Reads a formula.</summary>
    /// <exception cref="CellError">The text is not a formula.</exception>
    internal static Func<double> Parse(string text, Spreadsheet sheet)
    {
        var formula = new Formula(text, sheet);
        Func<double> sum = formula.ReadSum();
        return formula.Skip() == '\0' ? sum : throw new CellError(CellError.Syntax);
    }

    private char Skip()
    {
        while (_next < _text.Length && char.IsWhiteSpace(_text[_next]))
        {
            _next++;
        }

        return _next < _text.Length ? _text[_next] : '\0';
    }

    private bool TrySkip(char expected)
    {
        bool isThere = Skip() == expected;
        _next += isThere ? 1 : 0;
        return isThere;
    }

    private void Require(char expected)
    {
        if (!TrySkip(expected))
        {
            throw new CellError(CellError.Syntax);
        }
    }

    private Func<double> ReadSum()
    {
        Func<double> left = ReadProduct();
        while (true)
        {
            Func<double> first = left;
            if (TrySkip('+'))
            {
                Func<double> second = ReadProduct();
                left = () => first() + second();
            }
            else if (TrySkip('-'))
            {
                Func<double> second = ReadProduct();
                left = () => first() - second();
            }
            else
            {
                return left;
            }
        }
    }

    private Func<double> ReadProduct()
    {
        Func<double> left = ReadFactor();
        while (true)
        {
            Func<double> first = left;
            if (TrySkip('*'))
            {
                Func<double> second = ReadFactor();
                left = () => first() * second();
            }
            else if (TrySkip('/'))
            {
                Func<double> second = ReadFactor();
                left = () => Divide(first(), second());
            }
            else
            {
                return left;
            }
        }
    }

    private static double Divide(double left, double right) => right == 0 ? throw new CellError(CellError.DivisionByZero) : left / right;

    private Func<double> ReadFactor()
    {
        if (TrySkip('-'))
        {
            Func<double> negated = ReadFactor();
            return () => -negated();
        }

        if (TrySkip('('))
        {
            Func<double> inner = ReadSum();
            Require(')');
            return inner;
        }

        if (TryReadAddress(out CellAddress address))
        {
            return () => _sheet.NumberAt(address);
        }

        return char.IsAsciiLetter(Skip()) ? ReadName() : ReadNumber();
    }

    private Func<double> ReadNumber()
    {
        int start = _next;
        while (_next < _text.Length && (char.IsAsciiDigit(_text[_next]) || _text[_next] == '.'))
        {
            _next++;
        }

        bool isNumber = double.TryParse(
            _text.AsSpan(start, _next - start),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out double number
        );
        return isNumber ? () => number : throw new CellError(CellError.Syntax);
    }

    private Func<double> ReadName()
    {
        int start = _next;
        while (_next < _text.Length && char.IsAsciiLetter(_text[_next]))
        {
            _next++;
        }

        Machine machine = _sheet.Machine;
        switch (_text[start.._next].ToUpperInvariant())
        {
            case "CPU":
                return () => machine.Cpu.Value;
            case "MEM":
                return () => machine.Memory.Value;
            case "SUM":
                return ReadFunction(static numbers => numbers.Sum());
            case "AVG":
                return ReadFunction(static numbers => numbers.Count == 0 ? throw new CellError(CellError.DivisionByZero) : numbers.Average());
            case "MIN":
                return ReadFunction(static numbers => numbers.DefaultIfEmpty().Min());
            case "MAX":
                return ReadFunction(static numbers => numbers.DefaultIfEmpty().Max());
            case "COUNT":
                return ReadFunction(static numbers => numbers.Count);
            default:
                throw new CellError(CellError.Syntax);
        }
    }

    private Func<double> ReadFunction(Func<List<double>, double> function)
    {
        var parts = new List<Action<List<double>>>();
        Require('(');
        do
        {
            parts.Add(ReadPart());
        } while (TrySkip(','));

        Require(')');
        return () =>
        {
            var numbers = new List<double>();
            parts.ForEach(part => part(numbers));
            return function(numbers);
        };
    }

    /// <summary>Reads an argument of a function: a range, which skips empty cells and texts, or an expression.</summary>
    private Action<List<double>> ReadPart()
    {
        int start = _next;
        if (TryReadAddress(out CellAddress first) && TrySkip(':'))
        {
            return TryReadAddress(out CellAddress last) ? numbers => _sheet.AddNumbers(first, last, numbers) : throw new CellError(CellError.Syntax);
        }

        _next = start;
        Func<double> expression = ReadSum();
        return numbers => numbers.Add(expression());
    }

    private bool TryReadAddress(out CellAddress address)
    {
        Skip();
        int length = CellAddress.Read(_text.AsSpan(_next), out address);
        _next += length;
        return length > 0;
    }
}
