namespace Signals.Tests.Core;

internal sealed class Arity1<T>(T value) : IArity
{
    private readonly Signal<T> _signal = new();
    private readonly ConnectionEvaluator _evaluator = new();
    private readonly T _value = value;

    public SignalBase Signal => _signal;

    public object?[] Arguments => [_value];

    public void Dispose()
    {
        _signal.Dispose();
        _evaluator.Dispose();
    }

    public void Emit() => _signal.Emit(_value);

    public IArity Another() => new Arity1<T>(_value);

    public ConnectionHandle Connect(Action<object?[]> slot) => _signal.Connect(a => slot([a]));

    public ConnectionHandle ConnectDropping(Action slot) => _signal.Connect(slot);

    public ConnectionHandle ConnectWithState<TState>(TState state, Action<TState, object?[]> slot) => _signal.Connect(state, (s, a) => slot(s, [a]));

    public ConnectionHandle ConnectReflective(Action<ConnectionHandle, object?[]> slot) => _signal.ConnectReflective((h, a) => slot(h, [a]));

    public ConnectionHandle ConnectSingleShot(Action<object?[]> slot) => _signal.ConnectSingleShot(a => slot([a]));

    public ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget, object?[]> slot)
        where TTarget : class => _signal.ConnectWeak(target, (t, a) => slot(t, [a]));

    public ConnectionHandle Chain(IArity target) => _signal.Connect(((Arity1<T>)target)._signal);

    public ConnectionHandle ConnectWeakToOwnMethod() => _signal.ConnectWeak(this, OwnMethod);

    public IEnumerable<(string Parameter, Action Connect)> Nulls() =>
        [
            ("slot", () => _signal.Connect((Action<T>)null!)),
            ("slot", () => _signal.Connect((Action)null!)),
            ("target", () => _signal.Connect((Signal<T>)null!)),
            ("slot", () => _signal.Connect(1, null!)),
            ("slot", () => _signal.ConnectReflective(null!)),
            ("slot", () => _signal.ConnectSingleShot(null!)),
            ("slot", () => _signal.ConnectWeak(this, null!)),
            ("target", () => _signal.ConnectWeak((object)null!, (_, _) => { })),
            ("slot", () => _signal.ConnectDeferred(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferred(null!, _ => { })),
            ("slot", () => _signal.ConnectDeferredLatest(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferredLatest(null!, _ => { })),
            ("slot", () => _signal.ConnectDeferredReflective(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferredReflective(null!, (_, _) => { })),
            ("slot", () => _signal.ConnectDeferredSingleShot(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferredSingleShot(null!, _ => { })),
        ];

    public IEnumerable<Func<ConnectionHandle>> Connects() =>
        [
            () => _signal.Connect(_ => { }),
            () => _signal.Connect(() => { }),
            () => _signal.Connect(new Signal<T>()),
            () => _signal.Connect(1, (_, _) => { }),
            () => _signal.ConnectReflective((_, _) => { }),
            () => _signal.ConnectSingleShot(_ => { }),
            () => _signal.ConnectWeak(this, (_, _) => { }),
            () => _signal.ConnectDeferred(_evaluator, _ => { }),
            () => _signal.ConnectDeferredLatest(_evaluator, _ => { }),
            () => _signal.ConnectDeferredReflective(_evaluator, (_, _) => { }),
            () => _signal.ConnectDeferredSingleShot(_evaluator, _ => { }),
        ];

    private void OwnMethod(Arity1<T> target, T a) => throw new InvalidOperationException($"{_signal} ran {target}");
}
