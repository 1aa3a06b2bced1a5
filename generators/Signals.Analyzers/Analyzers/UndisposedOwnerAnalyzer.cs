using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.Analyzers;

/// <summary>SIG003: finds owners of connections, and blockers, that are never disposed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UndisposedOwnerAnalyzer() : SignalAnalyzer(Rules.UndisposedOwner)
{
    private protected override void Register(CompilationStartAnalysisContext context, SignalTypes types)
    {
        context.RegisterOperationAction(operation => AnalyzeCreation(operation, types), OperationKind.ObjectCreation);
        context.RegisterOperationAction(operation => AnalyzeVariable(operation, types), OperationKind.VariableDeclarator);
        var created = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
        var released = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
        context.RegisterSymbolStartAction(symbol => AnalyzeType(symbol, types, created, released), SymbolKind.NamedType);
    }

    private static void AnalyzeCreation(OperationAnalysisContext context, SignalTypes types)
    {
        if (
            types.IsOwner(context.Operation.Type)
            && context.Operation.Parent is IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation }
        )
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.UndisposedOwner, context.Operation.Syntax.GetLocation(), context.Operation.Type!.Name));
        }
    }

    private static void AnalyzeVariable(OperationAnalysisContext context, SignalTypes types)
    {
        var declarator = (IVariableDeclaratorOperation)context.Operation;
        if (!types.IsOwner(declarator.Symbol.Type) || declarator.IsUsing())
        {
            return;
        }

        ILocalReferenceOperation[] references = declarator.ReferencesTo();
        bool isCreated = declarator.GetVariableInitializer().IsCreatedValue() || references.Any(OwnerUse.IsCreated);
        if (isCreated && !references.Any(reference => OwnerUse.IsReleased(reference, types)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.UndisposedOwner, declarator.Symbol.Locations[0], declarator.Symbol.Name));
        }
    }

    /// <summary>Analyzes private members only: others may be disposed by other types.</summary>
    private static void AnalyzeType(
        SymbolStartAnalysisContext context,
        SignalTypes types,
        ConcurrentDictionary<ISymbol, bool> created,
        ConcurrentDictionary<ISymbol, bool> released
    )
    {
        ISymbol[] members = PrivateOwnersOf((INamedTypeSymbol)context.Symbol, types);
        // Nested types can use the private members of the containing type, and are analyzed before its end action runs.
        INamedTypeSymbol? declaring = (INamedTypeSymbol)context.Symbol;
        while (declaring is not null && PrivateOwnersOf(declaring, types).Length == 0)
        {
            declaring = declaring.ContainingType;
        }

        if (declaring is null)
        {
            return;
        }

        context.RegisterOperationAction(AnalyzeInitializer, OperationKind.FieldInitializer, OperationKind.PropertyInitializer);
        context.RegisterOperationAction(AnalyzeReference, OperationKind.FieldReference, OperationKind.PropertyReference);
        context.RegisterSymbolEndAction(end =>
        {
            foreach (ISymbol member in members.Where(member => created.ContainsKey(member) && !released.ContainsKey(member)))
            {
                end.ReportDiagnostic(Diagnostic.Create(Rules.UndisposedOwner, member.Locations[0], member.Name));
            }
        });

        void AnalyzeInitializer(OperationAnalysisContext operation)
        {
            if (((ISymbolInitializerOperation)operation.Operation).IsCreatedValue())
            {
                IEnumerable<ISymbol> initialized = operation.Operation switch
                {
                    IFieldInitializerOperation field => field.InitializedFields,
                    IPropertyInitializerOperation property => property.InitializedProperties,
                    _ => [],
                };
                foreach (ISymbol member in initialized)
                {
                    created[member] = true;
                }
            }
        }

        void AnalyzeReference(OperationAnalysisContext operation)
        {
            ISymbol member = ((IMemberReferenceOperation)operation.Operation).Member;
            if (!types.IsOwner(operation.Operation.Type))
            {
                return;
            }

            if (OwnerUse.IsCreated(operation.Operation))
            {
                created[member.OriginalDefinition] = true;
            }

            if (OwnerUse.IsReleased(operation.Operation, types))
            {
                released[member.OriginalDefinition] = true;
            }
        }
    }

    private static ISymbol[] PrivateOwnersOf(INamedTypeSymbol type, SignalTypes types) =>
        [.. type.GetMembers().Where(member => IsPrivateOwner(member, types))];

    private static bool IsPrivateOwner(ISymbol member, SignalTypes types) =>
        member is { DeclaredAccessibility: Accessibility.Private, IsStatic: false, IsImplicitlyDeclared: false }
        && types.IsOwner((member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type);
}
