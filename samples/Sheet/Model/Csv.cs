using System.Text;

namespace Sheet.Model;

/// <summary>Files of comma-separated values, in which formulas are kept as they were typed.</summary>
internal static class Csv
{
    internal static void Save(Spreadsheet sheet, TextWriter output)
    {
        int row = 0;
        foreach (IGrouping<int, (CellAddress Address, Cell Cell)> line in sheet.Filled.GroupBy(static entry => entry.Address.Row))
        {
            for (; row < line.Key; row++)
            {
                output.WriteLine();
            }

            int column = 0;
            foreach ((CellAddress address, Cell cell) in line)
            {
                output.Write(new string(',', address.Column - column));
                output.Write(Quote(cell.Input));
                column = address.Column;
            }
        }

        output.WriteLine();
    }

    /// <summary>Reads the cells of a file.</summary>
    /// <exception cref="FormatException">The file is too large for a sheet, or a quotation has no end.</exception>
    internal static List<(CellAddress Address, string Input)> Load(TextReader input)
    {
        var cells = new List<(CellAddress, string)>();
        var field = new StringBuilder();
        int row = 0;
        int column = 0;
        bool isQuoted = false;
        void End(bool isLine)
        {
            if (field.Length > 0)
            {
                cells.Add((new CellAddress(column, row), field.ToString()));
                field.Clear();
            }

            (column, row) = isLine ? (0, row + 1) : (column + 1, row);
        }

        for (int next = input.Read(); next >= 0; next = input.Read())
        {
            switch ((char)next)
            {
                case '"' when isQuoted && input.Peek() == '"':
                    input.Read();
                    field.Append('"');
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ',' when !isQuoted:
                    End(isLine: false);
                    break;
                case '\n' when !isQuoted:
                    End(isLine: true);
                    break;
                case '\r' when !isQuoted:
                    break;
                default:
                    field.Append(
                        row < CellAddress.Rows && column < CellAddress.Columns ? (char)next : throw new FormatException("The file is too large.")
                    );
                    break;
            }
        }

        End(isLine: true);
        return isQuoted ? throw new FormatException("A quotation has no end.") : cells;
    }

    private static string Quote(string input) =>
        input.AsSpan().ContainsAny(",\"\r\n") ? $"\"{input.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : input;
}
