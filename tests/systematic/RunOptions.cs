using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Signals.Systematic;

/// <summary>Options of the command line.</summary>
internal sealed record RunOptions
{
    internal const string Usage = "Usage: [part of a scenario's name] [--seed NUMBER] [--schedules NUMBER] [--replay FILE]";

    /// <summary>Gets the text that the names of the scenarios to run contain.</summary>
    internal string Filter { get; private init; } = "";

    /// <summary>Gets the seed that all choices of schedules depend on.</summary>
    internal uint Seed { get; private init; } = 1;

    /// <summary>Gets the number of schedules of each scenario, without a time limit, or null for each scenario's own.</summary>
    internal uint? Schedules { get; private init; }

    /// <summary>Gets the path of the schedule to replay, or null.</summary>
    internal string? Trace { get; private init; }

    internal static bool TryParse(string[] arguments, [NotNullWhen(true)] out RunOptions? options, [NotNullWhen(false)] out string? complaint)
    {
        var read = new RunOptions();
        options = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                read = read with { Filter = argument };
                continue;
            }

            i++;
            string value = i < arguments.Length ? arguments[i] : "";
            bool isNumber = uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint number);
            switch (argument)
            {
                case "--seed" when isNumber:
                    read = read with { Seed = number };
                    break;
                case "--schedules" when isNumber && number > 0:
                    read = read with { Schedules = number };
                    break;
                case "--replay" when File.Exists(value):
                    read = read with { Trace = value };
                    break;
                default:
                    complaint = $"The option \"{argument} {value}\" is unknown, or its file does not exist.";
                    return false;
            }
        }

        options = read;
        complaint = null;
        return true;
    }
}
