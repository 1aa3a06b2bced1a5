using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.CodeFixes;

/// <summary>SIG004: makes a slot static if it captures only its target or state, which it also receives as its first argument.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class CapturingSlotFix : CodeFixProvider
{
    private const string Title = "Make the slot static";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.CapturingSlotId];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (
            root is null
            || model is null
            || SignalTypes.Find(model.Compilation) is not { } types
            || root.FindNode(context.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<LambdaExpressionSyntax>() is not { } lambda
            || lambda.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } invocation
            || model.GetOperation(invocation, context.CancellationToken) is not { } operation
            || ConnectCall.From(operation, types) is not { } call
            || call.Slot.Value.Unwrap() is not IAnonymousFunctionOperation slot
            || slot.Syntax != lambda
            || call.Target?.Unwrap() is not { } target
            || Fix(root, lambda, slot, target, context.CancellationToken) is not { } fixedRoot
        )
        {
            return;
        }

        context.RegisterCodeFix(CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(fixedRoot)), Title), context.Diagnostics);
    }

    /// <summary>Makes the lambda static, or returns null if it captures anything other than its target.</summary>
    private static SyntaxNode? Fix(
        SyntaxNode root,
        LambdaExpressionSyntax lambda,
        IAnonymousFunctionOperation slot,
        IOperation target,
        CancellationToken cancellationToken
    )
    {
        ISymbol? symbol = Captures.SymbolOf(target);
        if (symbol is null && target is not IInstanceReferenceOperation)
        {
            return null;
        }

        ParameterSyntax first = lambda is SimpleLambdaExpressionSyntax simple
            ? simple.Parameter
            : ((ParenthesizedLambdaExpressionSyntax)lambda).ParameterList.Parameters[0];
        bool isRenamed = first.Identifier.ValueText == "_";
        string name = isRenamed ? Names.Free(Names.In(lambda), "target", "state") : first.Identifier.Text;
        var replacements = new Dictionary<SyntaxNode, SyntaxNode>();
        foreach (IOperation capture in Captures.Of(slot, cancellationToken))
        {
            if (
                !SymbolEqualityComparer.Default.Equals(Captures.SymbolOf(capture), symbol)
                || !lambda.Span.Contains(capture.Syntax.Span)
                || Replace(capture, name) is not { } replacement
            )
            {
                return null;
            }

            replacements[capture.Syntax] = replacement.WithTriviaFrom(capture.Syntax);
        }

        if (isRenamed)
        {
            replacements[first] = first.WithIdentifier(SyntaxFactory.Identifier(name).WithTriviaFrom(first.Identifier));
        }

        LambdaExpressionSyntax changed = lambda.ReplaceNodes(replacements.Keys, (old, _) => replacements[old]);
        SyntaxTriviaList leading = changed.GetLeadingTrivia();
        changed = changed.WithLeadingTrivia();
        changed = changed
            .WithModifiers(changed.Modifiers.Insert(0, SyntaxFactory.Token(SyntaxKind.StaticKeyword).WithTrailingTrivia(SyntaxFactory.Space)))
            .WithLeadingTrivia(leading);
        return root.ReplaceNode(lambda, changed);
    }

    /// <summary>Writes a reference to the target as a use of the parameter. A member that is used without "this" is qualified.</summary>
    private static ExpressionSyntax? Replace(IOperation capture, string name)
    {
        IdentifierNameSyntax parameter = SyntaxFactory.IdentifierName(name);
        return capture.Syntax switch
        {
            ThisExpressionSyntax => parameter,
            // The parameter cannot call what the class overrides.
            BaseExpressionSyntax => null,
            // The syntax of an implicit "this" is that of the member.
            SimpleNameSyntax member when capture is IInstanceReferenceOperation => SyntaxFactory.MemberAccessExpression(
                SyntaxKind.SimpleMemberAccessExpression,
                parameter,
                member.WithoutTrivia()
            ),
            IdentifierNameSyntax => parameter,
            _ => null,
        };
    }
}
