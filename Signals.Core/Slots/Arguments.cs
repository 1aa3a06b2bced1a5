using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// The arguments of one emission, as one value. Everything that signals of different arity have in common is written once over this;
/// what differs is here, a line each. The JIT compiles each use for the struct at hand, so nothing is boxed and nothing is called virtually.
/// </summary>
/// <remarks>
/// The slots are kept as <see cref="Delegate"/>. <see cref="Unsafe.As{T}(object)"/> is right because the only way into a signal is a
/// method that takes the delegate type in question, or one that converts to it by variance, which a delegate call allows for.
/// </remarks>
internal interface IArguments<TSelf>
    where TSelf : struct, IArguments<TSelf>
{
    /// <summary>Calls a slot that takes these arguments.</summary>
    void Invoke(Delegate slot);

    /// <summary>Calls a slot that takes these arguments behind another one.</summary>
    void InvokeWith<TFirst>(Delegate slot, TFirst first);

    /// <summary>Makes a slot that passes its arguments to an adapter.</summary>
    static abstract Delegate Bind(SlotAdapter<TSelf> adapter);

    /// <summary>Makes a slot that queues its arguments.</summary>
    static abstract Delegate Bind(DeferredSlot<TSelf> deferred);

    /// <summary>Makes a slot that calls another without its arguments.</summary>
    static abstract Delegate Drop(Action slot);
}

internal readonly struct Arguments : IArguments<Arguments>
{
    public void Invoke(Delegate slot) => Unsafe.As<Action>(slot)();

    public void InvokeWith<TFirst>(Delegate slot, TFirst first) => Unsafe.As<Action<TFirst>>(slot)(first);

    public static Delegate Bind(SlotAdapter<Arguments> adapter) => (Action)adapter.Call;

    public static Delegate Bind(DeferredSlot<Arguments> deferred) => (Action)deferred.Call;

    public static Delegate Drop(Action slot) => slot;
}

internal readonly struct Arguments<T>(T value) : IArguments<Arguments<T>>
{
    private readonly T _value = value;

    public void Invoke(Delegate slot) => Unsafe.As<Action<T>>(slot)(_value);

    public void InvokeWith<TFirst>(Delegate slot, TFirst first) => Unsafe.As<Action<TFirst, T>>(slot)(first, _value);

    public static Delegate Bind(SlotAdapter<Arguments<T>> adapter) => (Action<T>)adapter.Call;

    public static Delegate Bind(DeferredSlot<Arguments<T>> deferred) => (Action<T>)deferred.Call;

    public static Delegate Drop(Action slot) => (Action<T>)slot.Call;
}

internal readonly struct Arguments<T1, T2>(T1 value1, T2 value2) : IArguments<Arguments<T1, T2>>
{
    private readonly T1 _value1 = value1;
    private readonly T2 _value2 = value2;

    public void Invoke(Delegate slot) => Unsafe.As<Action<T1, T2>>(slot)(_value1, _value2);

    public void InvokeWith<TFirst>(Delegate slot, TFirst first) => Unsafe.As<Action<TFirst, T1, T2>>(slot)(first, _value1, _value2);

    public static Delegate Bind(SlotAdapter<Arguments<T1, T2>> adapter) => (Action<T1, T2>)adapter.Call;

    public static Delegate Bind(DeferredSlot<Arguments<T1, T2>> deferred) => (Action<T1, T2>)deferred.Call;

    public static Delegate Drop(Action slot) => (Action<T1, T2>)slot.Call;
}

internal readonly struct Arguments<T1, T2, T3>(T1 value1, T2 value2, T3 value3) : IArguments<Arguments<T1, T2, T3>>
{
    private readonly T1 _value1 = value1;
    private readonly T2 _value2 = value2;
    private readonly T3 _value3 = value3;

    public void Invoke(Delegate slot) => Unsafe.As<Action<T1, T2, T3>>(slot)(_value1, _value2, _value3);

    public void InvokeWith<TFirst>(Delegate slot, TFirst first) =>
        Unsafe.As<Action<TFirst, T1, T2, T3>>(slot)(first, _value1, _value2, _value3);

    public static Delegate Bind(SlotAdapter<Arguments<T1, T2, T3>> adapter) => (Action<T1, T2, T3>)adapter.Call;

    public static Delegate Bind(DeferredSlot<Arguments<T1, T2, T3>> deferred) => (Action<T1, T2, T3>)deferred.Call;

    public static Delegate Drop(Action slot) => (Action<T1, T2, T3>)slot.Call;
}

internal readonly struct Arguments<T1, T2, T3, T4>(T1 value1, T2 value2, T3 value3, T4 value4)
    : IArguments<Arguments<T1, T2, T3, T4>>
{
    private readonly T1 _value1 = value1;
    private readonly T2 _value2 = value2;
    private readonly T3 _value3 = value3;
    private readonly T4 _value4 = value4;

    public void Invoke(Delegate slot) => Unsafe.As<Action<T1, T2, T3, T4>>(slot)(_value1, _value2, _value3, _value4);

    public void InvokeWith<TFirst>(Delegate slot, TFirst first) =>
        Unsafe.As<Action<TFirst, T1, T2, T3, T4>>(slot)(first, _value1, _value2, _value3, _value4);

    public static Delegate Bind(SlotAdapter<Arguments<T1, T2, T3, T4>> adapter) => (Action<T1, T2, T3, T4>)adapter.Call;

    public static Delegate Bind(DeferredSlot<Arguments<T1, T2, T3, T4>> deferred) => (Action<T1, T2, T3, T4>)deferred.Call;

    public static Delegate Drop(Action slot) => (Action<T1, T2, T3, T4>)slot.Call;
}
