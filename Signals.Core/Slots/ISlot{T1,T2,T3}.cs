namespace Signals;

/// <summary>A slot of a signal with three arguments, as an object. Differs from <see cref="ISlot{T}"/> only in the number of arguments.</summary>
/// <typeparam name="T1">The type of the first argument.</typeparam>
/// <typeparam name="T2">The type of the second argument.</typeparam>
/// <typeparam name="T3">The type of the third argument.</typeparam>
public interface ISlot<in T1, in T2, in T3> : ISlotLifetime
{
    /// <summary>Called for each emission. See <see cref="ISlot{T}.Invoke(T)"/>.</summary>
    /// <param name="value1">The first argument of the emission.</param>
    /// <param name="value2">The second argument of the emission.</param>
    /// <param name="value3">The third argument of the emission.</param>
    void Invoke(T1 value1, T2 value2, T3 value3);
}
