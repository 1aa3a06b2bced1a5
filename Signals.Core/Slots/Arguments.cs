using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Arguments of one emission as a single value. Code that is common to signals of all arities is generic in this type; the implementations
/// contain the differences. The JIT compiler specializes the code for each struct, so no value is boxed and no call is virtual.
/// </summary>
/// <remarks>
/// Slots are stored as <see cref="Delegate"/>. <see cref="Unsafe.As{T}(object)"/> is correct because all methods that add slots to a signal
/// take the matching type. A slot of a type that converts to it by variance can be called in the same way.
/// </remarks>
internal interface IArguments<TSelf>
    where TSelf : struct, IArguments<TSelf>
{
    /// <summary>Calls a slot that takes these arguments.</summary>
    void Invoke(Delegate slot);

    /// <summary>Calls a slot that takes an additional first argument before these.</summary>
    void InvokeWith<TFirst>(Delegate slot, TFirst first);

    /// <summary>Emits a signal of these arguments.</summary>
    void Emit(SignalBase signal);

    /// <summary>Calls an asynchronous slot that takes these arguments and a token.</summary>
    ValueTask InvokeAsync(Delegate slot, CancellationToken cancellationToken);

    /// <summary>Creates a slot that passes its arguments to an adapter.</summary>
    static abstract Delegate Bind(SlotAdapter<TSelf> adapter);

    /// <summary>Creates a slot that passes its arguments to a slot object.</summary>
    static abstract Delegate Bind(CustomSlot<TSelf> custom);

    /// <summary>Creates a slot that queues its arguments.</summary>
    static abstract Delegate Bind(DeferredSlot<TSelf> deferred);
}

internal readonly struct Arguments : IArguments<Arguments>
{
    public void Invoke(Delegate slot) => Unsafe.As<Action>(slot)();

    public void InvokeWith<TFirst>(Delegate slot, TFirst first) => Unsafe.As<Action<TFirst>>(slot)(first);

    public void Emit(SignalBase signal) => Unsafe.As<Signal>(signal).Emit();

    public ValueTask InvokeAsync(Delegate slot, CancellationToken cancellationToken) =>
        Unsafe.As<Func<CancellationToken, ValueTask>>(slot)(cancellationToken);

    public static Delegate Bind(SlotAdapter<Arguments> adapter) => (Action)adapter.Call;

    public static Delegate Bind(CustomSlot<Arguments> custom) => (Action)custom.Call;

    public static Delegate Bind(DeferredSlot<Arguments> deferred) => (Action)deferred.Call;
}

internal readonly struct Arguments<T>(T value) : IArguments<Arguments<T>>
{
    private readonly T _value = value;

    public void Invoke(Delegate slot) => Unsafe.As<Action<T>>(slot)(_value);

    public void InvokeWith<TFirst>(Delegate slot, TFirst first) => Unsafe.As<Action<TFirst, T>>(slot)(first, _value);

    public void Emit(SignalBase signal) => Unsafe.As<Signal<T>>(signal).Emit(_value);

    public ValueTask InvokeAsync(Delegate slot, CancellationToken cancellationToken) =>
        Unsafe.As<Func<T, CancellationToken, ValueTask>>(slot)(_value, cancellationToken);

    public static Delegate Bind(SlotAdapter<Arguments<T>> adapter) => (Action<T>)adapter.Call;

    public static Delegate Bind(CustomSlot<Arguments<T>> custom) => (Action<T>)custom.Call;

    public static Delegate Bind(DeferredSlot<Arguments<T>> deferred) => (Action<T>)deferred.Call;
}

internal readonly struct Arguments<T1, T2>(T1 value1, T2 value2) : IArguments<Arguments<T1, T2>>
{
    private readonly T1 _value1 = value1;
    private readonly T2 _value2 = value2;

    public void Invoke(Delegate slot) => Unsafe.As<Action<T1, T2>>(slot)(_value1, _value2);

    public void InvokeWith<TFirst>(Delegate slot, TFirst first) => Unsafe.As<Action<TFirst, T1, T2>>(slot)(first, _value1, _value2);

    public void Emit(SignalBase signal) => Unsafe.As<Signal<T1, T2>>(signal).Emit(_value1, _value2);

    public ValueTask InvokeAsync(Delegate slot, CancellationToken cancellationToken) =>
        Unsafe.As<Func<T1, T2, CancellationToken, ValueTask>>(slot)(_value1, _value2, cancellationToken);

    public static Delegate Bind(SlotAdapter<Arguments<T1, T2>> adapter) => (Action<T1, T2>)adapter.Call;

    public static Delegate Bind(CustomSlot<Arguments<T1, T2>> custom) => (Action<T1, T2>)custom.Call;

    public static Delegate Bind(DeferredSlot<Arguments<T1, T2>> deferred) => (Action<T1, T2>)deferred.Call;
}

internal readonly struct Arguments<T1, T2, T3>(T1 value1, T2 value2, T3 value3) : IArguments<Arguments<T1, T2, T3>>
{
    private readonly T1 _value1 = value1;
    private readonly T2 _value2 = value2;
    private readonly T3 _value3 = value3;

    public void Invoke(Delegate slot) => Unsafe.As<Action<T1, T2, T3>>(slot)(_value1, _value2, _value3);

    public void InvokeWith<TFirst>(Delegate slot, TFirst first) => Unsafe.As<Action<TFirst, T1, T2, T3>>(slot)(first, _value1, _value2, _value3);

    public void Emit(SignalBase signal) => Unsafe.As<Signal<T1, T2, T3>>(signal).Emit(_value1, _value2, _value3);

    public ValueTask InvokeAsync(Delegate slot, CancellationToken cancellationToken) =>
        Unsafe.As<Func<T1, T2, T3, CancellationToken, ValueTask>>(slot)(_value1, _value2, _value3, cancellationToken);

    public static Delegate Bind(SlotAdapter<Arguments<T1, T2, T3>> adapter) => (Action<T1, T2, T3>)adapter.Call;

    public static Delegate Bind(CustomSlot<Arguments<T1, T2, T3>> custom) => (Action<T1, T2, T3>)custom.Call;

    public static Delegate Bind(DeferredSlot<Arguments<T1, T2, T3>> deferred) => (Action<T1, T2, T3>)deferred.Call;
}

internal readonly struct Arguments<T1, T2, T3, T4>(T1 value1, T2 value2, T3 value3, T4 value4) : IArguments<Arguments<T1, T2, T3, T4>>
{
    private readonly T1 _value1 = value1;
    private readonly T2 _value2 = value2;
    private readonly T3 _value3 = value3;
    private readonly T4 _value4 = value4;

    public void Invoke(Delegate slot) => Unsafe.As<Action<T1, T2, T3, T4>>(slot)(_value1, _value2, _value3, _value4);

    public void InvokeWith<TFirst>(Delegate slot, TFirst first) =>
        Unsafe.As<Action<TFirst, T1, T2, T3, T4>>(slot)(first, _value1, _value2, _value3, _value4);

    public void Emit(SignalBase signal) => Unsafe.As<Signal<T1, T2, T3, T4>>(signal).Emit(_value1, _value2, _value3, _value4);

    public ValueTask InvokeAsync(Delegate slot, CancellationToken cancellationToken) =>
        Unsafe.As<Func<T1, T2, T3, T4, CancellationToken, ValueTask>>(slot)(_value1, _value2, _value3, _value4, cancellationToken);

    public static Delegate Bind(SlotAdapter<Arguments<T1, T2, T3, T4>> adapter) => (Action<T1, T2, T3, T4>)adapter.Call;

    public static Delegate Bind(CustomSlot<Arguments<T1, T2, T3, T4>> custom) => (Action<T1, T2, T3, T4>)custom.Call;

    public static Delegate Bind(DeferredSlot<Arguments<T1, T2, T3, T4>> deferred) => (Action<T1, T2, T3, T4>)deferred.Call;
}
