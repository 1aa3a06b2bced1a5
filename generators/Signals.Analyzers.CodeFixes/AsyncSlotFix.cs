using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.CodeFixes;

/// <summary>SIG001: connects an async lambda with ConnectAsync or ConnectDeferredAsync, and gives it the token.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class AsyncSlotFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.AsyncSlotId];

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
            || root.FindToken(context.Span.Start).Parent?.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() is not { } lambda
            || lambda.FirstAncestorOrSelf<ArgumentSyntax>() is not { Parent.Parent: InvocationExpressionSyntax invocation }
            || model.GetOperation(invocation, context.CancellationToken) is not { } operation
            || ConnectCall.From(operation, types) is not { } call
            || NewName(call) is not { } name
            || NameOf(invocation.Expression) is not { } oldName
        )
        {
            return;
        }

        string title = $"Use {name}";
        context.RegisterCodeFix(
            CodeAction.Create(title, _ => Task.FromResult(Fix(context.Document, root, model, call, lambda, oldName, name)), title),
            context.Diagnostics
        );
    }

    /// <summary>Gets the name of the asynchronous counterpart of a method, or null if it has none.</summary>
    private static string? NewName(ConnectCall call)
    {
        IMethodSymbol method = call.Invocation.TargetMethod;
        // The other overloads of Connect take a state, options, or results of a query.
        int slots = method.Parameters.Length - (method.IsExtensionMethod ? 1 : 0);
        return !SignalTypes.IsOfLibrary(method.ContainingType)
            ? null
            : (call.Name, slots) switch
            {
                ("Connect", 1) => "ConnectAsync",
                ("ConnectDeferred", 2) => "ConnectDeferredAsync",
                _ => null,
            };
    }

    private static SimpleNameSyntax? NameOf(ExpressionSyntax called) =>
        called switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            _ => null,
        };

    private static Document Fix(
        Document document,
        SyntaxNode root,
        SemanticModel model,
        ConnectCall call,
        AnonymousFunctionExpressionSyntax lambda,
        SimpleNameSyntax oldName,
        string name
    )
    {
        ITypeSymbol[] arguments = ArgumentsOf(call.Signal?.Type);
        SyntaxNode fixedLambda = WithToken(lambda, arguments, FreeName(model, lambda));
        // The name of the class, if the extension method is called as a static method.
        SyntaxNode? container =
            oldName.Parent is MemberAccessExpressionSyntax access && model.GetSymbolInfo(access.Expression).Symbol is INamedTypeSymbol
                ? access.Expression
                : null;
        SyntaxNode[] replaced = container is null ? [lambda, oldName] : [lambda, oldName, container];
        SyntaxNode changed = root.ReplaceNodes(
            replaced,
            (old, _) =>
                old == lambda ? fixedLambda
                : old == oldName ? oldName.WithIdentifier(SyntaxFactory.Identifier(name).WithTriviaFrom(oldName.Identifier))
                : SyntaxFactory.ParseExpression("global::Signals.AsyncConnections").WithTriviaFrom(old).WithAdditionalAnnotations(Simplifier.Annotation)
        );
        bool isImported = container is not null || !model.LookupNamespacesAndTypes(lambda.SpanStart, name: "AsyncConnections").IsEmpty;
        return document.WithSyntaxRoot(isImported ? changed : Imports.Add((CompilationUnitSyntax)changed, "Signals"));
    }

    /// <summary>Adds the token to the parameters of a lambda, after the parameters of the signal that the lambda has omitted.</summary>
    private static AnonymousFunctionExpressionSyntax WithToken(AnonymousFunctionExpressionSyntax lambda, ITypeSymbol[] arguments, string token)
    {
        switch (lambda)
        {
            case SimpleLambdaExpressionSyntax simple:
                return SyntaxFactory
                    .ParenthesizedLambdaExpression(
                        simple.AttributeLists,
                        simple.Modifiers,
                        returnType: null,
                        Parameters([simple.Parameter.WithoutTrivia(), Untyped(token)]).WithTrailingTrivia(SyntaxFactory.Space),
                        simple.ArrowToken,
                        simple.Block,
                        simple.ExpressionBody
                    )
                    .WithTriviaFrom(simple);
            case ParenthesizedLambdaExpressionSyntax parenthesized:
                ParameterListSyntax list = WithToken(parenthesized.ParameterList, arguments, token, lambda.SpanStart);
                TypeSyntax? returned = parenthesized.ReturnType is { } type ? TypeName("System.Threading.Tasks.ValueTask").WithTriviaFrom(type) : null;
                return parenthesized.WithParameterList(list).WithReturnType(returned);
            case AnonymousMethodExpressionSyntax { ParameterList: { } named } method:
                return method.WithParameterList(WithToken(named, arguments, token, lambda.SpanStart));
            default:
                // A delegate without parameters accepts any.
                return lambda;
        }
    }

    private static ParameterListSyntax WithToken(ParameterListSyntax list, ITypeSymbol[] arguments, string token, int position)
    {
        bool isTyped = list.Parameters.Count != 0 ? list.Parameters[0].Type is not null : list.Parent is AnonymousMethodExpressionSyntax;
        IEnumerable<ParameterSyntax> leftOut =
            list.Parameters.Count != 0 ? []
            : isTyped
                ? arguments.Select(
                    (type, index) =>
                        Typed($"unused{index + 1}", SyntaxFactory.ParseTypeName(type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)))
                )
            : arguments.Select(static _ => Untyped("_"));
        ParameterSyntax last = isTyped ? Typed(token, TypeName("System.Threading.CancellationToken")) : Untyped(token);
        return Parameters([.. list.Parameters, .. leftOut, last]).WithTriviaFrom(list);
    }

    /// <summary>Gets the types of the arguments of a signal.</summary>
    private static ITypeSymbol[] ArgumentsOf(ITypeSymbol? type) =>
        type is null ? []
        : type.AllInterfaces.Concat(type is INamedTypeSymbol itself ? [itself] : []).FirstOrDefault(IsSignal) is { } signal ? [.. signal.TypeArguments]
        : [];

    private static bool IsSignal(INamedTypeSymbol type) => type.Name == "ISignal" && SignalTypes.IsOfLibrary(type);

    /// <summary>Gets a name for the token that is not used inside the lambda.</summary>
    private static string FreeName(SemanticModel model, AnonymousFunctionExpressionSyntax lambda)
    {
        HashSet<string> taken = Names.In(lambda);
        taken.UnionWith(model.LookupSymbols(lambda.Body.SpanStart).Select(static symbol => symbol.Name));
        return Names.Free(taken, "cancellationToken", "token", "slotToken");
    }

    private static ParameterListSyntax Parameters(IEnumerable<ParameterSyntax> parameters)
    {
        ParameterSyntax[] all = [.. parameters];
        return SyntaxFactory.ParameterList(
            SyntaxFactory.SeparatedList(
                all,
                Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), all.Length - 1)
            )
        );
    }

    private static ParameterSyntax Untyped(string name) => SyntaxFactory.Parameter(SyntaxFactory.Identifier(name));

    private static ParameterSyntax Typed(string name, TypeSyntax type) => Untyped(name).WithType(type.WithTrailingTrivia(SyntaxFactory.Space));

    /// <summary>Creates the name of a type. The editor simplifies it and imports its namespace.</summary>
    private static TypeSyntax TypeName(string name) =>
        SyntaxFactory.ParseTypeName($"global::{name}").WithAdditionalAnnotations(Simplifier.Annotation, Simplifier.AddImportsAnnotation);
}
