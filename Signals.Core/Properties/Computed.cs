using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>Creates computed properties.</summary>
public static class Computed
{
    /// <summary>Creates a property whose value is the result of a computation. The computation runs when the property is read or connected to.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="compute">The computation. It may not set properties.</param>
    /// <param name="comparer">The comparer that determines whether a result is equal to the one before. Null for the default comparer.</param>
    /// <param name="scope">The scope of the property. Null for <see cref="PropertyScope.Default"/>.</param>
    /// <param name="expression">The text of the computation, for messages. The compiler provides it.</param>
    /// <returns>The property.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="compute"/> is null.</exception>
    public static Computed<T> Of<T>(
        Func<T> compute,
        IEqualityComparer<T>? comparer = null,
        PropertyScope? scope = null,
        [CallerArgumentExpression(nameof(compute))] string? expression = null
    )
    {
        ArgumentNullException.ThrowIfNull(compute);
        return new Computed<T>(compute, PropertyOptions<T>.Of(comparer, scope), expression);
    }
}
