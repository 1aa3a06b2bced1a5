using System.Globalization;

namespace Signals.Benchmarks.Ipc;

/// <summary>The options after a command. Each option is removed when it is read; the remaining ones are unknown.</summary>
internal sealed class Options(string[] arguments)
{
    private readonly List<string> _left = [.. arguments];

    /// <exception cref="FormatException">The option is missing.</exception>
    internal string Take(string name)
    {
        int index = _left.IndexOf(name);
        if (index < 0 || index + 1 == _left.Count)
        {
            throw new FormatException($"The option {name} or its value is missing.");
        }

        string value = _left[index + 1];
        _left.RemoveRange(index, 2);
        return value;
    }

    /// <exception cref="FormatException">The option is missing and has no default, or is not a number.</exception>
    internal int TakePositive(string name, int? byDefault = null)
    {
        if (byDefault is { } number && !_left.Contains(name))
        {
            return number;
        }

        string value = Take(name);
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) && parsed > 0
            ? parsed
            : throw new FormatException($"{name} requires a number greater than zero, not {value}.");
    }

    internal bool TakeFlag(string name) => _left.Remove(name);

    /// <summary>Takes an option that names an existing folder, or returns null if the option is missing.</summary>
    /// <exception cref="FormatException">The option has no value, or there is no such folder.</exception>
    internal string? TakeFolder(string name)
    {
        if (!_left.Contains(name))
        {
            return null;
        }

        string folder = Take(name);
        return Directory.Exists(folder) ? folder : throw new FormatException($"The folder {folder} does not exist.");
    }

    /// <summary>Takes all remaining arguments.</summary>
    internal string[] TakeRest()
    {
        string[] rest = [.. _left];
        _left.Clear();
        return rest;
    }

    /// <exception cref="FormatException">There are further arguments.</exception>
    internal void RequireEnd()
    {
        if (_left.Count != 0)
        {
            throw new FormatException($"Unknown argument: {_left[0]}.");
        }
    }
}
