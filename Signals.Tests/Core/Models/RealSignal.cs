namespace Signals.Tests.Core.Models;

/// <summary>Signal with any type of argument, for programs that emit only numbers.</summary>
internal abstract class RealSignal
{
    internal abstract SignalBase Base { get; }

    internal abstract ConnectionHandle Connect(SlotKind kind, Action<int> body);

    internal abstract void Emit(int value);
}

/// <inheritdoc/>
internal sealed class RealSignal<T>(SignalOptions? options, ConnectionEvaluator evaluator, Func<int, T> wrap, Func<T, int> unwrap) : RealSignal
{
    /// <summary>Value that is passed to a slot if it received another connection's handle. No program emits it.</summary>
    private const int WrongHandle = int.MinValue;

    private readonly Signal<T> _signal = options is null ? new Signal<T>() : new Signal<T>(options);

    /// <summary>Targets of weak connections, which only this list keeps alive.</summary>
    private readonly List<object> _targets = [];

    internal override SignalBase Base => _signal;

    internal override void Emit(int value) => _signal.Emit(wrap(value));

    internal override ConnectionHandle Connect(SlotKind kind, Action<int> body)
    {
        Action<T> slot = value => body(unwrap(value));
        ConnectionHandle own = default;
        Action<ConnectionHandle, T> reflective = (handle, value) => body(handle == own ? unwrap(value) : WrongHandle);
        own = kind switch
        {
            SlotKind.Plain => _signal.Connect(slot),
            SlotKind.ArgumentDropping => _signal.Connect(() => body(0)),
            SlotKind.WithState => _signal.Connect(slot, static (state, value) => state(value)),
            SlotKind.Chained => _signal.Connect(Chain(slot)),
            SlotKind.Reflective => _signal.ConnectReflective(reflective),
            SlotKind.SingleShot => _signal.ConnectSingleShot(slot),
            SlotKind.Weak => ConnectWeak(slot),
            SlotKind.Deferred => _signal.ConnectDeferred(evaluator, slot),
            SlotKind.DeferredLatest => _signal.ConnectDeferredLatest(evaluator, slot),
            SlotKind.DeferredReflective => _signal.ConnectDeferredReflective(evaluator, reflective),
            SlotKind.DeferredSingleShot => _signal.ConnectDeferredSingleShot(evaluator, slot),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        return own;
    }

    private static Signal<T> Chain(Action<T> slot)
    {
        var chained = new Signal<T>();
        chained.Connect(slot);
        return chained;
    }

    private ConnectionHandle ConnectWeak(Action<T> slot)
    {
        _targets.Add(slot);
        return _signal.ConnectWeak(slot, static (target, value) => target(value));
    }
}
