using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>Checks of the values that options accept. Called by the setter of the option, whose name the exceptions contain.</summary>
internal static class OptionValue
{
    /// <summary>Returns a value that is a member of its enumeration.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    internal static TEnum Defined<TEnum>(TEnum value, [CallerMemberName] string option = "")
        where TEnum : struct, Enum =>
        Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{option} must be a defined value of {typeof(TEnum).Name}.");

    /// <summary>Returns a limit of at least one, or null for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    internal static int? Limit(int? value, [CallerMemberName] string option = "") =>
        value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{option} must be at least 1, or null for no limit.");
}
