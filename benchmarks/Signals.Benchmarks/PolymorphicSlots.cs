using System.Numerics;

namespace Signals.Benchmarks;

/// <summary>
/// Slots like those of real programs: eight methods in turn, each on a separate object. With a single method, the compiler would predict it
/// from the profile and call it directly, which favors contenders with one call site. The methods only read, so that threads that
/// emit concurrently do not write to shared data.
/// </summary>
internal sealed class PolymorphicSlots<T>
    where T : struct, IBinaryInteger<T>
{
    /// <summary>The number of different methods.</summary>
    internal const int MethodCount = 8;

    private static Action<T>[] _made = [];

    /// <summary>A value that no measurement emits.</summary>
    private readonly T _never = T.CreateTruncating(-7);

    /// <summary>Returns the specified number of slots, beginning with the specified method. Each call returns the same slots.</summary>
    internal static Action<T>[] Get(int count, int first = 0)
    {
        int needed = count + MethodCount;
        if (_made.Length < needed)
        {
            _made = [.. _made, .. Enumerable.Range(_made.Length, needed - _made.Length).Select(Make)];
        }

        return _made[first..(first + count)];
    }

    /// <summary>Returns the specified number of slots with the same method, each on a separate object.</summary>
    internal static Action<T>[] GetOfOneMethod(int count) => [.. Enumerable.Range(0, count).Select(_ => (Action<T>)new PolymorphicSlots<T>().IsNever)];

    private static Action<T> Make(int number)
    {
        var target = new PolymorphicSlots<T>();
        return (number % MethodCount) switch
        {
            0 => target.IsNever,
            1 => target.IsOneBelow,
            2 => target.IsTwoBelow,
            3 => target.IsOneAbove,
            4 => target.IsTwoAbove,
            5 => target.IsInverse,
            6 => target.IsDouble,
            _ => target.IsOpposite,
        };
    }

    private void IsNever(T value) => Compare(value, _never);

    private void IsOneBelow(T value) => Compare(value + T.One, _never);

    private void IsTwoBelow(T value) => Compare(value + T.One + T.One, _never);

    private void IsOneAbove(T value) => Compare(value - T.One, _never);

    private void IsTwoAbove(T value) => Compare(value - T.One - T.One, _never);

    private void IsInverse(T value) => Compare(value ^ T.One, _never);

    private void IsDouble(T value) => Compare(value + value, _never);

    private void IsOpposite(T value) => Compare(value, -_never - T.One);

    private static void Compare(T value, T other)
    {
        if (value == other)
        {
            throw new InvalidOperationException("No measurement emits this value.");
        }
    }
}
