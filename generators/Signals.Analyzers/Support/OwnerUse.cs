using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Signals.Analyzers.Support;

/// <summary>Determines how code uses a ScopedConnection, a ConnectionGroup or a ConnectionBlocker.</summary>
internal static class OwnerUse
{
    /// <summary>Determines whether a reference to the variable or member assigns a new object to it.</summary>
    internal static bool IsCreated(IOperation reference) =>
        reference.Parent is IAssignmentOperation assignment && assignment.Target == reference && assignment.Value.IsCreation();

    /// <summary>
    /// Determines whether the object is disposed where it is referenced, or may be disposed by other code that receives it. Adding a
    /// connection to it does not count.
    /// </summary>
    internal static bool IsReleased(IOperation reference, SignalTypes types)
    {
        IOperation value = reference;
        while (true)
        {
            switch (value.Parent)
            {
                case IConversionOperation:
                case IParenthesizedOperation:
                case ICoalesceAssignmentOperation assignment when assignment.Target == value:
                    value = value.Parent;
                    continue;
                case IInvocationOperation invocation when invocation.Instance == value:
                    return Ends(invocation);
                case IConditionalAccessOperation access when access.Operation == value:
                    return access.WhenNotNull is IInvocationOperation call ? Ends(call) : IsDefault(access.WhenNotNull);
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "AddTo", ContainingType: var type } } }:
                    return !SignalTypes.Is(type, types.Handle);
                case IPropertyReferenceOperation property when property.Instance == value:
                    return IsDefault(property);
                case ISimpleAssignmentOperation assignment when assignment.Target == value:
                case IExpressionStatementOperation:
                case INameOfOperation:
                case IBinaryOperation:
                case IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation }:
                    return false;
                default:
                    return true;
            }
        }
    }

    private static bool Ends(IInvocationOperation invocation) => invocation.TargetMethod.Name is "Dispose" or "DisconnectAll" or "Release";

    /// <summary>Determines whether the handle of the object is set to its default value.</summary>
    private static bool IsDefault(IOperation property) =>
        property.Parent is ISimpleAssignmentOperation assignment && assignment.Target == property && assignment.Value.Unwrap() is IDefaultValueOperation;
}
