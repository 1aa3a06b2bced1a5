using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Signals.Analyzers.Support;

/// <summary>Helpers for local variables.</summary>
internal static class Variables
{
    /// <summary>Determines whether an initializer creates an object.</summary>
    internal static bool IsCreatedValue(this ISymbolInitializerOperation? initializer) => initializer?.Value.IsCreation() == true;

    /// <summary>Determines whether a variable is disposed at the end of its block.</summary>
    internal static bool IsUsing(this IVariableDeclaratorOperation declarator)
    {
        for (IOperation? parent = declarator.Parent; parent is IVariableDeclarationOperation or IVariableDeclarationGroupOperation; parent = parent.Parent)
        {
            if (parent.Parent is IUsingDeclarationOperation or IUsingOperation)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Lists all references to a variable, those in lambdas and local functions included.</summary>
    internal static ILocalReferenceOperation[] ReferencesTo(this IVariableDeclaratorOperation declarator) =>
        [
            .. declarator
                .Root()
                .Walk(static _ => true)
                .OfType<ILocalReferenceOperation>()
                .Where(reference => SymbolEqualityComparer.Default.Equals(reference.Local, declarator.Symbol)),
        ];
}
