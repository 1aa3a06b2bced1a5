using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Signals.Analyzers.Support;

/// <summary>Helpers for walking the operations of a compilation.</summary>
internal static class Operations
{
    /// <summary>
    /// Removes conversions, parentheses and the creation of a delegate around a value. In <c>a?.B</c>, the instance of the member B becomes a.
    /// </summary>
    internal static IOperation Unwrap(this IOperation operation)
    {
        while (true)
        {
            IOperation? inner = operation switch
            {
                IConversionOperation conversion => conversion.Operand,
                IParenthesizedOperation parenthesized => parenthesized.Operand,
                IDelegateCreationOperation creation => creation.Target,
                IConditionalAccessInstanceOperation => AccessedBy(operation),
                _ => null,
            };
            if (inner is null)
            {
                return operation;
            }

            operation = inner;
        }
    }

    private static IOperation? AccessedBy(IOperation instance)
    {
        for (IOperation inner = instance; inner.Parent is { } parent; inner = parent)
        {
            if (parent is IConditionalAccessOperation access && access.WhenNotNull == inner)
            {
                return access.Operation;
            }
        }

        return null;
    }

    /// <summary>Finds the lambda or the method group from which a delegate is created, possibly as the initial value of a local variable.</summary>
    internal static IOperation ResolveDelegate(this IOperation operation, CancellationToken cancellationToken)
    {
        IOperation value = operation.Unwrap();
        return value is ILocalReferenceOperation local && InitialValueOf(local, cancellationToken) is { } initial ? initial.Unwrap() : value;
    }

    /// <summary>Gets the value with which a local variable is declared.</summary>
    internal static IOperation? InitialValueOf(ILocalReferenceOperation local, CancellationToken cancellationToken) =>
        local.Local.DeclaringSyntaxReferences.Length == 1
        && local.Local.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken) is VariableDeclaratorSyntax { Initializer.Value: { } initial }
        && local.SemanticModel is { } model
        && model.SyntaxTree == initial.SyntaxTree
            ? model.GetOperation(initial, cancellationToken)
            : null;

    /// <summary>
    /// Finds the body of a slot or a computation: of a lambda, or of a local function or a method that is declared in the same file.
    /// </summary>
    internal static IOperation? BodyOf(IOperation function, CancellationToken cancellationToken)
    {
        switch (function)
        {
            case IAnonymousFunctionOperation lambda:
                return lambda.Body;
            case IMethodReferenceOperation { Method.DeclaringSyntaxReferences: { Length: 1 } declarations, SemanticModel: { } model }:
                SyntaxNode declaration = declarations[0].GetSyntax(cancellationToken);
                return declaration.SyntaxTree != model.SyntaxTree
                    ? null
                    : model.GetOperation(declaration, cancellationToken) switch
                    {
                        ILocalFunctionOperation local => local.Body,
                        IMethodBodyOperation method => method.BlockBody ?? method.ExpressionBody,
                        _ => null,
                    };
            default:
                return null;
        }
    }

    /// <summary>Lists an operation and those inside it, without the bodies of lambdas and local functions, which run at another time.</summary>
    internal static IEnumerable<IOperation> WithoutNestedFunctions(this IOperation root) =>
        root.Walk(static operation => operation is not (IAnonymousFunctionOperation or ILocalFunctionOperation));

    /// <summary>Lists an operation and those inside it. Only operations that pass a filter are listed and entered.</summary>
    internal static IEnumerable<IOperation> Walk(this IOperation root, Func<IOperation, bool> isEntered)
    {
        // Not recursive, because generated code can be deeply nested.
        var pending = new Stack<IOperation>();
        pending.Push(root);
        while (pending.Count != 0)
        {
            IOperation operation = pending.Pop();
            if (isEntered(operation))
            {
                yield return operation;
                foreach (IOperation child in operation.ChildOperations.Reverse())
                {
                    pending.Push(child);
                }
            }
        }
    }

    /// <summary>Gets the outermost operation that contains an operation: the body of a member, or an initializer.</summary>
    internal static IOperation Root(this IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>Determines whether a value is discarded because the expression is a statement of its own.</summary>
    internal static bool IsStatement(this IOperation operation)
    {
        IOperation? parent = operation.Parent;
        while (parent is IConditionalAccessOperation access && access.WhenNotNull == operation)
        {
            operation = access;
            parent = access.Parent;
        }

        return parent is IExpressionStatementOperation;
    }

    /// <summary>Determines whether an operation creates an object, by a constructor or by an implicit conversion to its type.</summary>
    internal static bool IsCreation(this IOperation? operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IObjectCreationOperation:
                case IConversionOperation { OperatorMethod: not null }:
                case IInvocationOperation { TargetMethod.Name: "FromConnectionHandle" }:
                    return true;
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                default:
                    return false;
            }
        }
    }
}
