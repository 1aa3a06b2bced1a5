using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Signals.Analyzers.CodeFixes;

/// <summary>
/// SIG005: publishes a signal as ISignal. A field, or a property that keeps the signal itself, becomes a private field that a property publishes.
/// Uses inside the class then refer to the field.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class PublicSignalFix : CodeFixProvider
{
    private const string Title = "Publish the signal as ISignal";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.PublicSignalId];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? member = root?.FindNode(context.Span).FirstAncestorOrSelf<MemberDeclarationSyntax>();
        if (
            root is null
            || model is null
            || member?.Parent is not TypeDeclarationSyntax declaring
            || declaring is InterfaceDeclarationSyntax
            || Fix(root, model, member, declaring, context.CancellationToken) is not { } fixedRoot
        )
        {
            return;
        }

        context.RegisterCodeFix(CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(fixedRoot)), Title), context.Diagnostics);
    }

    private static SyntaxNode? Fix(
        SyntaxNode root,
        SemanticModel model,
        SyntaxNode member,
        TypeDeclarationSyntax declaring,
        CancellationToken cancellationToken
    )
    {
        switch (member)
        {
            // The getter returns a signal that is kept elsewhere.
            case PropertyDeclarationSyntax { ExpressionBody: not null } property when InterfaceOf(property.Type) is { } type:
                return root.ReplaceNode(property.Type, type);
            case PropertyDeclarationSyntax { AccessorList: { Accessors: { Count: 1 } accessors } } property
                when accessors[0].Body is not null || accessors[0].ExpressionBody is not null:
                return InterfaceOf(property.Type) is { } published ? root.ReplaceNode(property.Type, published) : null;
            case PropertyDeclarationSyntax { AccessorList: { Accessors: { Count: 1 } single } } property
                when single[0].IsKind(SyntaxKind.GetAccessorDeclaration) && model.GetDeclaredSymbol(property, cancellationToken) is { } symbol:
                return Split(root, model, member, declaring, symbol, property.Type, property.Initializer, property.Modifiers, cancellationToken);
            case FieldDeclarationSyntax { Declaration: { Variables: { Count: 1 } variables } declaration } field
                when model.GetDeclaredSymbol(variables[0], cancellationToken) is { } symbol:
                return Split(root, model, member, declaring, symbol, declaration.Type, variables[0].Initializer, field.Modifiers, cancellationToken);
            default:
                return null;
        }
    }

    /// <summary>Replaces a member with a private field and a property that publishes it.</summary>
    private static SyntaxNode? Split(
        SyntaxNode root,
        SemanticModel model,
        SyntaxNode member,
        TypeDeclarationSyntax declaring,
        ISymbol symbol,
        TypeSyntax type,
        EqualsValueClauseSyntax? initializer,
        SyntaxTokenList modifiers,
        CancellationToken cancellationToken
    )
    {
        if (InterfaceOf(type) is not { } published || modifiers.Any(IsOfInheritance))
        {
            return null;
        }

        bool isStatic = modifiers.Any(SyntaxKind.StaticKeyword);
        bool isReadOnly = member is PropertyDeclarationSyntax || modifiers.Any(SyntaxKind.ReadOnlyKeyword);
        string name = FreeName(symbol);
        string text =
            $"private {(isStatic ? "static " : "")}{(isReadOnly ? "readonly " : "")}{type.WithoutTrivia()} {name}{(initializer is null ? "" : " " + initializer.WithoutTrivia())};";
        MemberDeclarationSyntax field = Parse(text).WithLeadingTrivia(IndentOf(member)).WithTrailingTrivia(SyntaxFactory.ElasticLineFeed);
        MemberDeclarationSyntax property = Parse($"public {(isStatic ? "static " : "")}{published.WithoutTrivia()} {symbol.Name} => {name};")
            .WithLeadingTrivia(member.GetLeadingTrivia())
            .WithTrailingTrivia(member.GetTrailingTrivia());

        SyntaxNode[] uses =
        [
            .. declaring
                .DescendantNodes()
                .OfType<IdentifierNameSyntax>()
                .Where(used =>
                    used.Identifier.ValueText == symbol.Name
                    && !member.Span.Contains(used.Span)
                    && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(used, cancellationToken).Symbol, symbol)
                ),
        ];
        SyntaxNode tracked = root.TrackNodes([.. uses, member]);
        tracked = tracked.ReplaceNodes(
            uses.Select(use => tracked.GetCurrentNode(use)!),
            (old, _) => ((IdentifierNameSyntax)old).WithIdentifier(SyntaxFactory.Identifier(name).WithTriviaFrom(((IdentifierNameSyntax)old).Identifier))
        );
        return tracked.ReplaceNode(tracked.GetCurrentNode(member)!, [field, property]);
    }

    private static bool IsOfInheritance(SyntaxToken modifier) =>
        modifier.Kind() is SyntaxKind.VirtualKeyword or SyntaxKind.AbstractKeyword or SyntaxKind.NewKeyword or SyntaxKind.RequiredKeyword;

    private static MemberDeclarationSyntax Parse(string text) =>
        SyntaxFactory.ParseMemberDeclaration(text)!.WithAdditionalAnnotations(Formatter.Annotation);

    /// <summary>Gets the indentation of a member, without the comments above it.</summary>
    private static SyntaxTriviaList IndentOf(SyntaxNode member)
    {
        SyntaxTriviaList leading = member.GetLeadingTrivia();
        return leading.Count != 0 && leading[leading.Count - 1].IsKind(SyntaxKind.WhitespaceTrivia) ? [leading[leading.Count - 1]] : [];
    }

    /// <summary>Replaces Signal with ISignal in the name of a type, and keeps the rest: Signals.Signal becomes Signals.ISignal.</summary>
    private static TypeSyntax? InterfaceOf(TypeSyntax type)
    {
        SimpleNameSyntax? name = type.DescendantNodesAndSelf()
            .OfType<SimpleNameSyntax>()
            .FirstOrDefault(static candidate => candidate.Identifier.ValueText == "Signal" && candidate.Parent is not TypeArgumentListSyntax);
        return name is null ? null : type.ReplaceNode(name, name.WithIdentifier(SyntaxFactory.Identifier("ISignal").WithTriviaFrom(name.Identifier)));
    }

    private static string FreeName(ISymbol symbol)
    {
        HashSet<string> taken = [.. symbol.ContainingType.GetMembers().Select(static member => member.Name)];
        return Names.Free(taken, "_" + char.ToLowerInvariant(symbol.Name[0]) + symbol.Name.Substring(1));
    }
}
