using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.Analyzers;

/// <summary>SIG005: finds fields and properties that let other classes emit a signal.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PublicSignalAnalyzer() : SignalAnalyzer(Rules.PublicSignal)
{
    private protected override void Register(CompilationStartAnalysisContext context, SignalTypes types) =>
        context.RegisterSymbolAction(symbol => Analyze(symbol, types), SymbolKind.Field, SymbolKind.Property);

    private static void Analyze(SymbolAnalysisContext context, SignalTypes types)
    {
        ISymbol member = context.Symbol;
        ITypeSymbol? type = member switch
        {
            IFieldSymbol { AssociatedSymbol: null } field => field.Type,
            // The type of the others is that of the base class.
            IPropertySymbol { IsOverride: false } property => property.Type,
            _ => null,
        };
        if (
            types.IsSignal(type)
            && member.DeclaredAccessibility == Accessibility.Public
            && !IsInPrivateType(member)
            && !ImplementsInterface(member)
            && member.Locations.FirstOrDefault(static location => location.IsInSource) is { } location
        )
        {
            string published = "I" + type!.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
            context.ReportDiagnostic(Diagnostic.Create(Rules.PublicSignal, location, member.Name, published));
        }
    }

    private static bool IsInPrivateType(ISymbol member)
    {
        for (INamedTypeSymbol? type = member.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.DeclaredAccessibility == Accessibility.Private)
            {
                return true;
            }
        }

        return false;
    }

    private static bool ImplementsInterface(ISymbol member) =>
        member.ContainingType.TypeKind != TypeKind.Interface
        && member.ContainingType.AllInterfaces.Any(type =>
            type.GetMembers(member.Name)
                .Any(declared => SymbolEqualityComparer.Default.Equals(member.ContainingType.FindImplementationForInterfaceMember(declared), member))
        );
}
