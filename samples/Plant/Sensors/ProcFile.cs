using System.Globalization;

namespace Plant.Sensors;

/// <summary>Reads files of <c>/proc</c>, which exist on Linux.</summary>
internal static class ProcFile
{
    internal static bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>Returns the lines of a file, each as its columns.</summary>
    internal static IEnumerable<string[]> Read(string name) =>
        File.ReadLines(PathOf(name)).Select(static line => line.Split([' ', ':', '\t'], StringSplitOptions.RemoveEmptyEntries));

    internal static double Number(string column) =>
        double.TryParse(column, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new FormatException($"\"{column}\" is not a number in a file of /proc.");

    private static string PathOf(string name) => Path.Combine("/proc", name);
}
