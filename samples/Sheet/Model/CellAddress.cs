using System.Globalization;

namespace Sheet.Model;

/// <summary>The place of a cell, such as "B7".</summary>
/// <param name="Column">The column, from 0 for "A".</param>
/// <param name="Row">The row, from 0 for "1".</param>
internal readonly record struct CellAddress(int Column, int Row) : IComparable<CellAddress>
{
    internal const int Columns = 26;
    internal const int Rows = 99;

    /// <summary>Reads an address from the beginning of a text. Returns the number of characters, or 0 if there is none.</summary>
    internal static int Read(ReadOnlySpan<char> text, out CellAddress address)
    {
        address = default;
        int digits = 1;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        if (
            digits < 2
            || !char.IsAsciiLetter(text[0])
            || !int.TryParse(text[1..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int row)
            || row is < 1 or > Rows
        )
        {
            return 0;
        }

        address = new CellAddress(char.ToUpperInvariant(text[0]) - 'A', row - 1);
        return digits;
    }

    public int CompareTo(CellAddress other) => (Row, Column).CompareTo((other.Row, other.Column));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + Column)}{Row + 1}");
}
