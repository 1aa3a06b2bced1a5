namespace Signals;

/// <summary>Methods of the delegates that connect observers, for each arity: see <see cref="SlotCalls"/>.</summary>
internal static class ObserverCalls
{
    internal static void Repeat<T>(this RepeatingObserverSlot<T> slot) => slot.Observer.OnNext(slot.Value);

    internal static void Next<T1, T2>(this ObserverSlot<(T1, T2)> slot, T1 value1, T2 value2) => slot.Observer.OnNext((value1, value2));

    internal static void Next<T1, T2, T3>(this ObserverSlot<(T1, T2, T3)> slot, T1 value1, T2 value2, T3 value3) =>
        slot.Observer.OnNext((value1, value2, value3));

    internal static void Next<T1, T2, T3, T4>(this ObserverSlot<(T1, T2, T3, T4)> slot, T1 value1, T2 value2, T3 value3, T4 value4) =>
        slot.Observer.OnNext((value1, value2, value3, value4));

    internal static void Next<T>(this ObserverSlot<T> slot, T value) => slot.Observer.OnNext(value);
}
