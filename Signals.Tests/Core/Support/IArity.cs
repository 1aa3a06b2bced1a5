namespace Signals.Tests.Core;

/// <summary>
/// Signals of every arity behind one face, so that a rule is written once and proved for all of them. Slots get the arguments as an
/// array.
/// </summary>
internal interface IArity : IDisposable
{
    SignalBase Signal { get; }

    /// <summary>What <see cref="Emit"/> passes.</summary>
    object?[] Arguments { get; }

    void Emit();

    IArity Another();

    ConnectionHandle Connect(Action<object?[]> slot);

    ConnectionHandle ConnectDropping(Action slot);

    ConnectionHandle ConnectWithState<TState>(TState state, Action<TState, object?[]> slot);

    ConnectionHandle ConnectReflective(Action<ConnectionHandle, object?[]> slot);

    ConnectionHandle ConnectSingleShot(Action<object?[]> slot);

    ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget, object?[]> slot)
        where TTarget : class;

    ConnectionHandle Chain(IArity target);

    /// <summary>Every way to connect, each with one null where something is needed, and the name of the parameter that has it.</summary>
    IEnumerable<(string Parameter, Action Connect)> Nulls();

    /// <summary>Every way to connect, with everything there.</summary>
    IEnumerable<Func<ConnectionHandle>> Connects();

    /// <summary>Connects weakly a method of the target itself.</summary>
    ConnectionHandle ConnectWeakToOwnMethod();
}
