namespace Signals.Tests.Core;

internal sealed class Arity3<T1, T2, T3>(T1 value1, T2 value2, T3 value3) : IArity
{
    private readonly Signal<T1, T2, T3> _signal = new();
    private readonly ConnectionEvaluator _evaluator = new();
    private readonly T1 _value1 = value1;
    private readonly T2 _value2 = value2;
    private readonly T3 _value3 = value3;

    public SignalBase Signal => _signal;

    public object?[] Arguments => [_value1, _value2, _value3];

    public void Dispose()
    {
        _signal.Dispose();
        _evaluator.Dispose();
    }

    public void Emit() => _signal.Emit(_value1, _value2, _value3);

    public IArity Another() => new Arity3<T1, T2, T3>(_value1, _value2, _value3);

    public ConnectionHandle Connect(Action<object?[]> slot) => _signal.Connect((a1, a2, a3) => slot([a1, a2, a3]));

    public ConnectionHandle ConnectDropping(Action slot) => _signal.Connect(slot);

    public ConnectionHandle ConnectWithState<TState>(TState state, Action<TState, object?[]> slot) =>
        _signal.Connect(state, (s, a1, a2, a3) => slot(s, [a1, a2, a3]));

    public ConnectionHandle ConnectReflective(Action<ConnectionHandle, object?[]> slot) =>
        _signal.ConnectReflective((h, a1, a2, a3) => slot(h, [a1, a2, a3]));

    public ConnectionHandle ConnectSingleShot(Action<object?[]> slot) => _signal.ConnectSingleShot((a1, a2, a3) => slot([a1, a2, a3]));

    public ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget, object?[]> slot)
        where TTarget : class => _signal.ConnectWeak(target, (t, a1, a2, a3) => slot(t, [a1, a2, a3]));

    public ConnectionHandle Chain(IArity target) => _signal.Connect(((Arity3<T1, T2, T3>)target)._signal);

    public ConnectionHandle ConnectWeakToOwnMethod() => _signal.ConnectWeak(this, OwnMethod);

    public IEnumerable<(string Parameter, Action Connect)> Nulls() =>
        [
            ("slot", () => _signal.Connect((Action<T1, T2, T3>)null!)),
            ("slot", () => _signal.Connect((Action)null!)),
            ("target", () => _signal.Connect((Signal<T1, T2, T3>)null!)),
            ("slot", () => _signal.Connect(1, null!)),
            ("slot", () => _signal.ConnectReflective(null!)),
            ("slot", () => _signal.ConnectSingleShot(null!)),
            ("slot", () => _signal.ConnectWeak(this, null!)),
            ("target", () => _signal.ConnectWeak((object)null!, (_, _, _, _) => { })),
            ("slot", () => _signal.ConnectDeferred(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferred(null!, (_, _, _) => { })),
            ("slot", () => _signal.ConnectDeferredLatest(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferredLatest(null!, (_, _, _) => { })),
            ("slot", () => _signal.ConnectDeferredReflective(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferredReflective(null!, (_, _, _, _) => { })),
            ("slot", () => _signal.ConnectDeferredSingleShot(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferredSingleShot(null!, (_, _, _) => { })),
        ];

    public IEnumerable<Func<ConnectionHandle>> Connects() =>
        [
            () => _signal.Connect((_, _, _) => { }),
            () => _signal.Connect(() => { }),
            () => _signal.Connect(new Signal<T1, T2, T3>()),
            () => _signal.Connect(1, (_, _, _, _) => { }),
            () => _signal.ConnectReflective((_, _, _, _) => { }),
            () => _signal.ConnectSingleShot((_, _, _) => { }),
            () => _signal.ConnectWeak(this, (_, _, _, _) => { }),
            () => _signal.ConnectDeferred(_evaluator, (_, _, _) => { }),
            () => _signal.ConnectDeferredLatest(_evaluator, (_, _, _) => { }),
            () => _signal.ConnectDeferredReflective(_evaluator, (_, _, _, _) => { }),
            () => _signal.ConnectDeferredSingleShot(_evaluator, (_, _, _) => { }),
        ];

    private void OwnMethod(Arity3<T1, T2, T3> target, T1 a1, T2 a2, T3 a3) => throw new InvalidOperationException($"{_signal} ran {target}");
}
