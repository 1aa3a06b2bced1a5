using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Signals.Analyzers.Support;

/// <summary>A call that connects a slot to a signal, as an extension method or an instance method, of any kind and arity.</summary>
/// <param name="Invocation">The call.</param>
/// <param name="Slot">The argument with the delegate of the slot.</param>
internal readonly record struct ConnectCall(IInvocationOperation Invocation, IArgumentOperation Slot)
{
    /// <summary>Gets the name of the method, which is that of the kind of connection.</summary>
    internal string Name => Invocation.TargetMethod.Name;

    /// <summary>Gets the signal.</summary>
    internal IOperation? Signal =>
        Invocation.Instance ?? (Invocation.TargetMethod.IsExtensionMethod ? Invocation.Arguments.FirstOrDefault(Is(0))?.Value : null);

    /// <summary>Gets a value that indicates whether the connection does not keep its target alive.</summary>
    internal bool IsWeak => Name is "ConnectWeak" or "ConnectDeferredWeak";

    /// <summary>Gets a value that indicates whether the slot receives a state.</summary>
    internal bool HasState => Invocation.TargetMethod.ContainingType is { Name: "StateConnections" } type && SignalTypes.IsOfLibrary(type);

    /// <summary>Gets the argument with the target or the state that the slot receives first.</summary>
    internal IOperation? Target
    {
        get
        {
            int ordinal = Slot.Parameter!.Ordinal - 1;
            return IsWeak || HasState ? Invocation.Arguments.FirstOrDefault(Is(ordinal))?.Value : null;
        }
    }

    /// <summary>Determines whether an operation is a call that connects a slot.</summary>
    internal static ConnectCall? From(IOperation operation, SignalTypes types)
    {
        if (
            operation is not IInvocationOperation invocation
            || !invocation.TargetMethod.Name.StartsWith("Connect", StringComparison.Ordinal)
            || !SignalTypes.Is(invocation.TargetMethod.ReturnType, types.Handle)
        )
        {
            return null;
        }

        IArgumentOperation? slot = invocation.Arguments.FirstOrDefault(static argument => argument.Parameter?.Type.TypeKind == TypeKind.Delegate);
        return slot is null ? null : new ConnectCall(invocation, slot);
    }

    /// <summary>Gets the argument with the evaluator of a deferred connection.</summary>
    internal IOperation? EvaluatorOf(SignalTypes types) =>
        Invocation.Arguments.FirstOrDefault(argument => SignalTypes.Is(argument.Parameter?.Type, types.Evaluator))?.Value;

    private static Func<IArgumentOperation, bool> Is(int ordinal) => argument => argument.Parameter?.Ordinal == ordinal;
}
