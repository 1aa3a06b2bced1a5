using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Signals.Analyzers.Support;

/// <summary>Finds what a lambda or a local function captures.</summary>
internal static class Captures
{
    /// <summary>
    /// Lists the references to captured variables and to the object that contains the code, in the order of the code. A variable can be
    /// listed more than once.
    /// </summary>
    internal static IEnumerable<IOperation> Of(IAnonymousFunctionOperation lambda, CancellationToken cancellationToken) =>
        In(lambda.Body, lambda.Syntax, null, cancellationToken);

    /// <summary>Gets the name of what a reference of <see cref="Of"/> captures.</summary>
    internal static string NameOf(IOperation reference) => SymbolOf(reference)?.Name ?? "this";

    /// <summary>Gets the captured variable, or null if the object that contains the code is captured.</summary>
    internal static ISymbol? SymbolOf(IOperation reference) =>
        reference switch
        {
            ILocalReferenceOperation local => local.Local,
            IParameterReferenceOperation parameter => parameter.Parameter,
            _ => null,
        };

    private static IEnumerable<IOperation> In(IOperation body, SyntaxNode function, HashSet<ISymbol>? visited, CancellationToken cancellationToken)
    {
        foreach (IOperation operation in body.Walk(static operation => operation is not INameOfOperation))
        {
            switch (operation)
            {
                case ILocalReferenceOperation { Local.IsConst: false } local when !IsDeclaredIn(local.Local, function):
                case IParameterReferenceOperation parameter when !IsDeclaredIn(parameter.Parameter, function):
                case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                    yield return operation;
                    break;
                case IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction, IsStatic: false } called }
                    when !IsDeclaredIn(called, function):
                    foreach (IOperation inner in InLocalFunction(operation, called, visited ??= NewSet(), cancellationToken))
                    {
                        yield return inner;
                    }

                    break;
                case IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction, IsStatic: false } called }
                    when !IsDeclaredIn(called, function):
                    foreach (IOperation inner in InLocalFunction(operation, called, visited ??= NewSet(), cancellationToken))
                    {
                        yield return inner;
                    }

                    break;
            }
        }
    }

    /// <summary>Lists what a local function captures: a lambda that calls it captures the same.</summary>
    private static IEnumerable<IOperation> InLocalFunction(
        IOperation use,
        IMethodSymbol called,
        HashSet<ISymbol> visited,
        CancellationToken cancellationToken
    )
    {
        if (
            visited.Add(called)
            && called.DeclaringSyntaxReferences.Length == 1
            && called.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken) is { } declaration
            && use.SemanticModel is { } model
            && model.SyntaxTree == declaration.SyntaxTree
            && model.GetOperation(declaration, cancellationToken) is ILocalFunctionOperation { Body: { } body }
        )
        {
            return In(body, declaration, visited, cancellationToken);
        }

        return [];
    }

    private static HashSet<ISymbol> NewSet() => new(SymbolEqualityComparer.Default);

    private static bool IsDeclaredIn(ISymbol symbol, SyntaxNode function)
    {
        foreach (SyntaxReference declaration in symbol.DeclaringSyntaxReferences)
        {
            if (declaration.SyntaxTree == function.SyntaxTree && function.Span.Contains(declaration.Span))
            {
                return true;
            }
        }

        return false;
    }
}
