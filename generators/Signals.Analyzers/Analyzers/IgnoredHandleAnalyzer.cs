using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.Analyzers;

/// <summary>SIG002: finds connections to signals of other objects whose handle is ignored although their slot captures.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class IgnoredHandleAnalyzer() : SignalAnalyzer(Rules.IgnoredHandle)
{
    private protected override void Register(CompilationStartAnalysisContext context, SignalTypes types) =>
        context.RegisterOperationAction(operation => Analyze(operation, types), OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context, SignalTypes types)
    {
        if (
            ConnectCall.From(context.Operation, types) is { Signal: { } signal } call
            && !EndsByItself(call)
            && call.Invocation.IsStatement()
            && !IsOwned(signal, context.CancellationToken)
            && CapturesMoreThan(RootOf(signal), call, context.CancellationToken)
            && !(call.EvaluatorOf(types) is { } evaluator && IsCreated(evaluator, context.CancellationToken))
        )
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.IgnoredHandle, call.Invocation.Syntax.GetLocation()));
        }
    }

    /// <summary>Determines whether a connection needs no handle: weak and single-shot ones end without it, and reflective slots receive it.</summary>
    private static bool EndsByItself(ConnectCall call) =>
        call.IsWeak || call.Name.EndsWith("SingleShot", StringComparison.Ordinal) || call.Name.EndsWith("Reflective", StringComparison.Ordinal);

    /// <summary>Determines whether a slot keeps more alive than the object that has the signal.</summary>
    private static bool CapturesMoreThan(ISymbol? owner, ConnectCall call, CancellationToken cancellationToken)
    {
        if (call is { HasState: true, Target: { Type.IsReferenceType: true } state } && IsOther(RootOf(state)))
        {
            return true;
        }

        return call.Slot.Value.ResolveDelegate(cancellationToken) switch
        {
            IAnonymousFunctionOperation lambda => Captures.Of(lambda, cancellationToken).Any(capture => IsOther(Captures.SymbolOf(capture))),
            IMethodReferenceOperation { Instance: { } instance } => IsOther(RootOf(instance)),
            _ => false,
        };

        bool IsOther(ISymbol? captured) => owner is null || !SymbolEqualityComparer.Default.Equals(owner, captured);
    }

    /// <summary>
    /// Determines whether the object or the method that contains the code owns a signal, so that the signal does not outlive it. Unknown signals
    /// count as owned.
    /// </summary>
    private static bool IsOwned(IOperation signal, CancellationToken cancellationToken)
    {
        IOperation value = signal.Unwrap();
        switch (value)
        {
            case IMemberReferenceOperation { Instance: { } instance } member when IsThis(instance):
                // A field whose type is an interface may hold a signal that the class has received.
                return member is IPropertyReferenceOperation
                    || member.Type?.TypeKind != TypeKind.Interface
                    || IsCreatedByType(member.Member, cancellationToken);
            case IMemberReferenceOperation { Instance: { } instance }:
                return IsCreated(instance, cancellationToken);
            default:
                return IsCreated(value, cancellationToken);
        }
    }

    /// <summary>Determines whether the object or the method that contains the code has created a value. Values of unknown origin count as created.</summary>
    private static bool IsCreated(IOperation operation, CancellationToken cancellationToken)
    {
        IOperation value = operation.Unwrap();
        // The bound ends the loop in code that does not compile, such as a variable that is initialized with itself.
        for (int steps = 0; steps < 16; steps++)
        {
            switch (value)
            {
                case IMemberReferenceOperation { Instance: { } instance } when !IsThis(instance):
                    value = instance.Unwrap();
                    break;
                case ILocalReferenceOperation local
                    when Operations.InitialValueOf(local, cancellationToken)?.Unwrap() is IParameterReferenceOperation or IMemberReferenceOperation:
                    value = Operations.InitialValueOf(local, cancellationToken)!.Unwrap();
                    break;
                case IParameterReferenceOperation:
                    return false;
                case IMemberReferenceOperation member:
                    return !member.Member.IsStatic && IsCreatedByType(member.Member, cancellationToken);
                default:
                    return true;
            }
        }

        return true;
    }

    private static bool IsThis(IOperation instance) => instance.Unwrap() is IInstanceReferenceOperation;

    /// <summary>
    /// Determines whether a field or property has an initializer that creates an object, possibly by calling a method, or is assigned a new object by a
    /// constructor.
    /// </summary>
    private static bool IsCreatedByType(ISymbol member, CancellationToken cancellationToken)
    {
        foreach (SyntaxReference reference in member.DeclaringSyntaxReferences)
        {
            ExpressionSyntax? initial = reference.GetSyntax(cancellationToken) switch
            {
                VariableDeclaratorSyntax field => field.Initializer?.Value,
                PropertyDeclarationSyntax property => property.Initializer?.Value,
                _ => null,
            };
            if (IsCreation(initial))
            {
                return true;
            }
        }

        return member
            .ContainingType.InstanceConstructors.SelectMany(static constructor => constructor.DeclaringSyntaxReferences)
            .SelectMany(reference => reference.GetSyntax(cancellationToken).DescendantNodes())
            .OfType<AssignmentExpressionSyntax>()
            .Any(assignment => IsCreation(assignment.Right) && NameOf(assignment.Left) == member.Name);
    }

    private static bool IsCreation(ExpressionSyntax? value) => value is BaseObjectCreationExpressionSyntax or InvocationExpressionSyntax;

    private static string? NameOf(ExpressionSyntax expression) =>
        expression switch
        {
            IdentifierNameSyntax identifier => identifier.Identifier.ValueText,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
            _ => null,
        };

    /// <summary>Gets the variable through which a value is reached, or null if it is reached through the object that contains the code.</summary>
    private static ISymbol? RootOf(IOperation operation)
    {
        IOperation value = operation.Unwrap();
        while (value is IMemberReferenceOperation { Instance: { } instance })
        {
            value = instance.Unwrap();
        }

        return Captures.SymbolOf(value) ?? (value as IMemberReferenceOperation)?.Member;
    }
}
