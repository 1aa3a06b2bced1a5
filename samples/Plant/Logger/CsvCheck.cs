using System.Globalization;
using Signals.Remote;

namespace Plant.Logger;

/// <summary>Reads a file of the logger, and compares the numbers of the timer's values with the gaps that the file tells.</summary>
internal static class CsvCheck
{
    /// <summary>Returns the values and gaps of the timer in a file.</summary>
    /// <exception cref="FormatException">A row has another format.</exception>
    internal static NumberedValues Read(IEnumerable<string> rows)
    {
        var numbers = new NumberedValues();
        foreach (string row in rows)
        {
            switch (row.Split(','))
            {
                case [_, Names.Lateness, CsvLogger.ValueEvent, string number, _]:
                    numbers.Add(long.Parse(number, CultureInfo.InvariantCulture));
                    break;
                case [_, Names.Lateness, CsvLogger.MissedEvent, string number, string cause]:
                    numbers.Add(new Missed(number.Length == 0 ? null : long.Parse(number, CultureInfo.InvariantCulture), Enum.Parse<MissedCause>(cause)));
                    break;
                case [_, _, _, _, _]:
                    break;
                default:
                    throw new FormatException($"\"{row}\" is not a row of the logger.");
            }
        }

        return numbers;
    }
}
