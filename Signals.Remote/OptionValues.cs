namespace Signals.Remote;

/// <summary>Checks values of options.</summary>
internal static class OptionValues
{
    internal static TEnum Defined<TEnum>(TEnum value, string parameter)
        where TEnum : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(parameter, value, $"The value is not a {typeof(TEnum).Name}.");

    internal static int Positive(int value, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, parameter);
        return value;
    }

    internal static long Positive(long value, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, parameter);
        return value;
    }
}
