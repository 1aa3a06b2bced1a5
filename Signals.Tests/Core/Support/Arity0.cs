namespace Signals.Tests.Core;

internal sealed class Arity0 : IArity
{
    private readonly Signal _signal = new();
    private readonly ConnectionEvaluator _evaluator = new();

    public SignalBase Signal => _signal;

    public object?[] Arguments => [];

    public void Dispose()
    {
        _signal.Dispose();
        _evaluator.Dispose();
    }

    public void Emit() => _signal.Emit();

    public IArity Another() => new Arity0();

    public ConnectionHandle Connect(Action<object?[]> slot) => _signal.Connect(() => slot([]));

    public ConnectionHandle ConnectDropping(Action slot) => _signal.Connect(slot);

    public ConnectionHandle ConnectWithState<TState>(TState state, Action<TState, object?[]> slot) => _signal.Connect(state, s => slot(s, []));

    public ConnectionHandle ConnectReflective(Action<ConnectionHandle, object?[]> slot) => _signal.ConnectReflective(h => slot(h, []));

    public ConnectionHandle ConnectSingleShot(Action<object?[]> slot) => _signal.ConnectSingleShot(() => slot([]));

    public ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget, object?[]> slot)
        where TTarget : class => _signal.ConnectWeak(target, t => slot(t, []));

    public ConnectionHandle Chain(IArity target) => _signal.Connect(((Arity0)target)._signal);

    public ConnectionHandle ConnectWeakToOwnMethod() => _signal.ConnectWeak(this, OwnMethod);

    public IEnumerable<(string Parameter, Action Connect)> Nulls() =>
        [
            ("slot", () => _signal.Connect((Action)null!)),
            ("target", () => _signal.Connect((Signal)null!)),
            ("slot", () => _signal.Connect(1, null!)),
            ("slot", () => _signal.ConnectReflective(null!)),
            ("slot", () => _signal.ConnectSingleShot(null!)),
            ("slot", () => _signal.ConnectWeak(this, null!)),
            ("target", () => _signal.ConnectWeak((object)null!, _ => { })),
            ("slot", () => _signal.ConnectDeferred(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferred(null!, () => { })),
            ("slot", () => _signal.ConnectDeferredLatest(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferredLatest(null!, () => { })),
            ("slot", () => _signal.ConnectDeferredReflective(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferredReflective(null!, _ => { })),
            ("slot", () => _signal.ConnectDeferredSingleShot(_evaluator, null!)),
            ("evaluator", () => _signal.ConnectDeferredSingleShot(null!, () => { })),
        ];

    public IEnumerable<Func<ConnectionHandle>> Connects() =>
        [
            () => _signal.Connect(() => { }),
            () => _signal.Connect(new Signal()),
            () => _signal.Connect(1, _ => { }),
            () => _signal.ConnectReflective(_ => { }),
            () => _signal.ConnectSingleShot(() => { }),
            () => _signal.ConnectWeak(this, _ => { }),
            () => _signal.ConnectDeferred(_evaluator, () => { }),
            () => _signal.ConnectDeferredLatest(_evaluator, () => { }),
            () => _signal.ConnectDeferredReflective(_evaluator, _ => { }),
            () => _signal.ConnectDeferredSingleShot(_evaluator, () => { }),
        ];

    private void OwnMethod(Arity0 target) => throw new InvalidOperationException($"{_signal} ran {target}");
}
