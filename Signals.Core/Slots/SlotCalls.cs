namespace Signals;

/// <summary>
/// Methods of the delegates that <see cref="IArguments{TSelf}"/> creates. They are extension methods, because a delegate of an extension
/// method is bound to its receiver without a further object.
/// </summary>
internal static class SlotCalls
{
    internal static void Call(this SlotAdapter<Arguments> adapter) => adapter.Run(default);

    internal static void Call<T>(this SlotAdapter<Arguments<T>> adapter, T value) => adapter.Run(new Arguments<T>(value));

    internal static void Call<T1, T2>(this SlotAdapter<Arguments<T1, T2>> adapter, T1 value1, T2 value2) =>
        adapter.Run(new Arguments<T1, T2>(value1, value2));

    internal static void Call<T1, T2, T3>(this SlotAdapter<Arguments<T1, T2, T3>> adapter, T1 value1, T2 value2, T3 value3) =>
        adapter.Run(new Arguments<T1, T2, T3>(value1, value2, value3));

    internal static void Call<T1, T2, T3, T4>(this SlotAdapter<Arguments<T1, T2, T3, T4>> adapter, T1 value1, T2 value2, T3 value3, T4 value4) =>
        adapter.Run(new Arguments<T1, T2, T3, T4>(value1, value2, value3, value4));

    internal static void Call(this CustomSlot<Arguments> custom) => custom.Run(default);

    internal static void Call<T>(this CustomSlot<Arguments<T>> custom, T value) => custom.Run(new Arguments<T>(value));

    internal static void Call<T1, T2>(this CustomSlot<Arguments<T1, T2>> custom, T1 value1, T2 value2) =>
        custom.Run(new Arguments<T1, T2>(value1, value2));

    internal static void Call<T1, T2, T3>(this CustomSlot<Arguments<T1, T2, T3>> custom, T1 value1, T2 value2, T3 value3) =>
        custom.Run(new Arguments<T1, T2, T3>(value1, value2, value3));

    internal static void Call<T1, T2, T3, T4>(this CustomSlot<Arguments<T1, T2, T3, T4>> custom, T1 value1, T2 value2, T3 value3, T4 value4) =>
        custom.Run(new Arguments<T1, T2, T3, T4>(value1, value2, value3, value4));

    internal static void Call(this DeferredSlot<Arguments> deferred) => deferred.Queue(default);

    internal static void Call<T>(this DeferredSlot<Arguments<T>> deferred, T value) => deferred.Queue(new Arguments<T>(value));

    internal static void Call<T1, T2>(this DeferredSlot<Arguments<T1, T2>> deferred, T1 value1, T2 value2) =>
        deferred.Queue(new Arguments<T1, T2>(value1, value2));

    internal static void Call<T1, T2, T3>(this DeferredSlot<Arguments<T1, T2, T3>> deferred, T1 value1, T2 value2, T3 value3) =>
        deferred.Queue(new Arguments<T1, T2, T3>(value1, value2, value3));

    internal static void Call<T1, T2, T3, T4>(this DeferredSlot<Arguments<T1, T2, T3, T4>> deferred, T1 value1, T2 value2, T3 value3, T4 value4) =>
        deferred.Queue(new Arguments<T1, T2, T3, T4>(value1, value2, value3, value4));

    internal static void Call<T>(this Action slot, T value) => slot();

    internal static void Call<T1, T2>(this Action slot, T1 value1, T2 value2) => slot();

    internal static void Call<T1, T2, T3>(this Action slot, T1 value1, T2 value2, T3 value3) => slot();

    internal static void Call<T1, T2, T3, T4>(this Action slot, T1 value1, T2 value2, T3 value3, T4 value4) => slot();
}
