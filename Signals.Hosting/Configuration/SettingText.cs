using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Signals.Hosting.Configuration;

/// <summary>Converts texts of a configuration to values.</summary>
internal static class SettingText
{
    private const string Infinite = "Infinite";

    /// <summary>Passes the text of a section to a function. If the function throws, adds a description of the failure with the path of the section.</summary>
    internal static void Use(IConfigurationSection section, ICollection<string> failures, Action<string> use)
    {
        if (section.Value is not { } text)
        {
            return;
        }

        try
        {
            use(text);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            failures.Add($"{section.Path} is \"{text}\": {Describe(exception)}");
        }
    }

    internal static int ToInt32(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    internal static long ToInt64(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    internal static bool ToBoolean(string text) => bool.Parse(text);

    /// <summary>Converts a time. A number alone is refused, because it would mean days.</summary>
    internal static TimeSpan ToTime(string text) =>
        text.Equals(Infinite, StringComparison.OrdinalIgnoreCase) ? Timeout.InfiniteTimeSpan
        : text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan time) ? time
        : throw new FormatException($"a time is written as hours:minutes:seconds, for example 00:00:05, or as {Infinite}.");

    /// <summary>Converts the mode of a file, which is written as in a shell: three octal digits.</summary>
    internal static UnixFileMode ToFileMode(string text) =>
        text.TrimStart('0') is { Length: <= 3 } digits && digits.All(digit => digit is >= '0' and <= '7')
            ? (UnixFileMode)digits.Aggregate(0, (mode, digit) => (mode * 8) + (digit - '0'))
            : throw new FormatException("a mode is written as three octal digits, for example 660.");

    internal static TEnum ToEnum<TEnum>(string text)
        where TEnum : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out TEnum value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"it must be one of {string.Join(", ", Enum.GetNames<TEnum>())}.");

    /// <summary>Returns the text of an exception without the parameter and the value, which the description contains already.</summary>
    private static string Describe(Exception exception)
    {
        string text = exception.Message;
        int end = exception is ArgumentException ? text.IndexOf(" (Parameter ", StringComparison.Ordinal) : -1;
        return end < 0 ? text : text[..end];
    }
}
