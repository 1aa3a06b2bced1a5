using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.Analyzers;

/// <summary>SIG007: finds computations of properties that are async or that set a property, and async effects.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ComputationAnalyzer() : SignalAnalyzer(Rules.AsyncComputation, Rules.WritingComputation)
{
    /// <summary>The members of a list that change it.</summary>
    private static readonly HashSet<string> Edits = ["Add", "AddRange", "Clear", "Insert", "Move", "Remove", "RemoveAt"];

    private protected override void Register(CompilationStartAnalysisContext context, SignalTypes types) =>
        context.RegisterOperationAction(operation => Analyze(operation, types), OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context, SignalTypes types)
    {
        var invocation = (IInvocationOperation)context.Operation;
        bool isEffect = IsEffect(invocation.TargetMethod);
        if (
            !(isEffect || IsComputation(invocation.TargetMethod))
            || invocation.Arguments.FirstOrDefault(static argument => argument.Parameter?.Type.TypeKind == TypeKind.Delegate) is not { } argument
        )
        {
            return;
        }

        IOperation function = argument.Value.ResolveDelegate(context.CancellationToken);
        if (function is IAnonymousFunctionOperation { Symbol.IsAsync: true } or IMethodReferenceOperation { Method.IsAsync: true })
        {
            SyntaxNode syntax = argument.Value.Unwrap().Syntax;
            Location location =
                syntax is AnonymousFunctionExpressionSyntax { AsyncKeyword: var keyword } && keyword != default
                    ? keyword.GetLocation()
                    : syntax.GetLocation();
            context.ReportDiagnostic(Diagnostic.Create(Rules.AsyncComputation, location, isEffect ? "An effect" : "A computation"));
        }
        else if (!isEffect && Operations.BodyOf(function, context.CancellationToken) is { } body)
        {
            foreach (IOperation operation in body.Walk(IsPartOfComputation))
            {
                if (WrittenIn(operation, types) is { } written)
                {
                    context.ReportDiagnostic(Diagnostic.Create(Rules.WritingComputation, operation.Syntax.GetLocation(), written.Syntax.ToString()));
                }
            }
        }
    }

    private static bool IsComputation(IMethodSymbol method) =>
        (method.Name, method.ContainingType?.Name) is ("Of", "Computed") or ("Bind", "Property") or ("ToProperty", "PropertyExtensions")
        && SignalTypes.IsOfLibrary(method.ContainingType);

    private static bool IsEffect(IMethodSymbol method) =>
        (method.Name, method.ContainingType?.Name) is ("Run", "Effect") && SignalTypes.IsOfLibrary(method.ContainingType);

    /// <summary>Determines whether an operation belongs to a computation. Lambdas run at another time, except those of Property.Untracked.</summary>
    private static bool IsPartOfComputation(IOperation operation) =>
        operation switch
        {
            ILocalFunctionOperation => false,
            IAnonymousFunctionOperation => operation.Parent
                is IDelegateCreationOperation
                {
                    Parent: IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "Untracked", ContainingType.Name: "Property" } } }
                },
            _ => true,
        };

    /// <summary>Gets the property or the list that an operation changes.</summary>
    private static IOperation? WrittenIn(IOperation operation, SignalTypes types) =>
        operation switch
        {
            IAssignmentOperation { Target: IPropertyReferenceOperation target } => Written(target, types),
            IIncrementOrDecrementOperation { Target: IPropertyReferenceOperation target } => Written(target, types),
            IInvocationOperation { Instance: { } list, TargetMethod.Name: var name } when Edits.Contains(name) && IsList(list.Type, types) => list,
            IInvocationOperation { Instance: { } property, TargetMethod.Name: "Bind" or "Unbind" } when IsProperty(property.Type, types) => property,
            _ => null,
        };

    private static IOperation? Written(IPropertyReferenceOperation target, SignalTypes types) =>
        target is { Property.Name: "Value", Instance: { } property } && IsProperty(property.Type, types) ? property
        : target is { Property.IsIndexer: true, Instance: { } list } && IsList(list.Type, types) ? list
        : null;

    private static bool IsProperty(ITypeSymbol? type, SignalTypes types) => SignalTypes.Is(type?.OriginalDefinition, types.Property);

    private static bool IsList(ITypeSymbol? type, SignalTypes types) => SignalTypes.Is(type?.OriginalDefinition, types.SignalList);
}
