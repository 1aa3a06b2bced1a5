using Microsoft.CodeAnalysis;

namespace Signals.Tests.Product.Api;

/// <summary>Lists the public members of a library, one member on each line.</summary>
internal static class PublicSurface
{
    private static readonly SymbolDisplayFormat TypeFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters
            | SymbolDisplayGenericsOptions.IncludeTypeConstraints
            | SymbolDisplayGenericsOptions.IncludeVariance,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
    );

    private static readonly SymbolDisplayFormat MemberFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeContainingType
            | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeAccessibility
            | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeConstantValue
            | SymbolDisplayMemberOptions.IncludeRef,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeExtensionThis
            | SymbolDisplayParameterOptions.IncludeDefaultValue,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
    );

    internal static IEnumerable<string> Describe(IAssemblySymbol library) =>
        TypesOf(library.GlobalNamespace).OrderBy(type => type.ToDisplayString(TypeFormat), StringComparer.Ordinal).SelectMany(Describe);

    private static IEnumerable<string> Describe(INamedTypeSymbol type)
    {
        IEnumerable<string> members = type.GetMembers()
            .Where(member => IsShown(member) && !IsShownOtherwise(member))
            .Select(member => $"    {member.ToDisplayString(MemberFormat)}")
            .Order(StringComparer.Ordinal);
        return members.Prepend($"{Modifiers(type)}{type.ToDisplayString(TypeFormat)}{Bases(type)}");
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container) =>
        container
            .GetMembers()
            .Where(IsShown)
            .OfType<INamespaceOrTypeSymbol>()
            .SelectMany(member => TypesOf(member).Concat(member is INamedTypeSymbol type ? [type] : []));

    private static bool IsShown(ISymbol symbol) =>
        symbol is INamespaceSymbol || symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    /// <summary>Returns whether a member is listed with its type or property, or is common to all enumerations.</summary>
    private static bool IsShownOtherwise(ISymbol member) =>
        member is INamedTypeSymbol or IMethodSymbol { AssociatedSymbol: not null } or IMethodSymbol { ContainingType.TypeKind: TypeKind.Enum };

    private static string Modifiers(INamedTypeSymbol type)
    {
        string kind =
            type.TypeKind != TypeKind.Class ? ""
            : type.IsStatic ? "static "
            : type.IsAbstract ? "abstract "
            : type.IsSealed ? "sealed "
            : "";
        return $"public {kind}";
    }

    private static string Bases(INamedTypeSymbol type)
    {
        IEnumerable<INamedTypeSymbol> bases = type.Interfaces;
        if (type.TypeKind == TypeKind.Class && type.BaseType is { SpecialType: not SpecialType.System_Object } baseType)
        {
            bases = bases.Prepend(baseType);
        }

        string[] names = [.. bases.Where(IsShown).Select(shown => shown.ToDisplayString(MemberFormat))];
        return names.Length == 0 ? "" : $" : {string.Join(", ", names)}";
    }
}
