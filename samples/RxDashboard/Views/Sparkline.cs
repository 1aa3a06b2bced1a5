namespace RxDashboard;

/// <summary>Draws curves with the Unicode characters for eighths of a cell.</summary>
internal static class Sparkline
{
    /// <summary>Returns a cell that is filled by the specified number of eighths.</summary>
    private const string Cells = " ▁▂▃▄▅▆▇█";

    private const int Eighths = 8;

    /// <summary>
    /// Draws the last values, one in a column, the latest at the right. Every measured value is visible, at least as the thinnest line;
    /// columns without a value are blank.
    /// </summary>
    /// <param name="values">The values.</param>
    /// <param name="highest">The value that fills a column. Higher ones fill it too.</param>
    /// <param name="width">The columns.</param>
    /// <param name="height">The rows.</param>
    /// <returns>The rows, from the top.</returns>
    internal static string[] Draw(ReadOnlySpan<double> values, double highest, int width, int height)
    {
        ReadOnlySpan<double> shown = values[Math.Max(0, values.Length - width)..];
        var rows = new string[height];
        var row = new char[width];
        for (int fromBottom = 0; fromBottom < height; fromBottom++)
        {
            row.AsSpan().Fill(Cells[0]);
            for (int column = 0; column < shown.Length; column++)
            {
                int filled = FilledEighths(shown[column], highest, height) - fromBottom * Eighths;
                row[width - shown.Length + column] = Cells[Math.Clamp(filled, 0, Eighths)];
            }

            rows[height - 1 - fromBottom] = new string(row);
        }

        return rows;
    }

    private static int FilledEighths(double value, double highest, int height)
    {
        int all = height * Eighths;
        return highest <= 0 ? 1 : (int)Math.Clamp(Math.Round(value / highest * all), 1, all);
    }
}
