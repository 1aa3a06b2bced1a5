namespace Signals.Tests.Core;

/// <summary>
/// Common interface to signals of every arity, so that a rule is written once and tested for all of them. Slots receive the arguments as
/// an array.
/// </summary>
internal interface IArity : IDisposable
{
    SignalBase Signal { get; }

    /// <summary>Gets the arguments that <see cref="Emit"/> passes.</summary>
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

    /// <summary>Returns all ways to connect, each with null for one required argument, and the name of the parameter.</summary>
    IEnumerable<(string Parameter, Action Connect)> Nulls();

    /// <summary>Returns all ways to connect, with valid arguments.</summary>
    IEnumerable<Func<ConnectionHandle>> Connects();

    /// <summary>Makes a weak connection whose slot is a method of the target itself.</summary>
    ConnectionHandle ConnectWeakToOwnMethod();
}
