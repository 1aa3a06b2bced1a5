using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.Analyzers;

/// <summary>SIG001: finds slots that are async void.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AsyncSlotAnalyzer() : SignalAnalyzer(Rules.AsyncSlot)
{
    private protected override void Register(CompilationStartAnalysisContext context, SignalTypes types) =>
        context.RegisterOperationAction(operation => Analyze(operation, types), OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context, SignalTypes types)
    {
        if (
            ConnectCall.From(context.Operation, types) is not { } call
            || call.Slot.Parameter!.Type is not INamedTypeSymbol { DelegateInvokeMethod.ReturnsVoid: true }
        )
        {
            return;
        }

        IOperation slot = call.Slot.Value.Unwrap();
        if (IsAsyncVoid(slot.ResolveDelegate(context.CancellationToken)))
        {
            Location location =
                slot.Syntax is AnonymousFunctionExpressionSyntax { AsyncKeyword: var keyword } && keyword != default
                    ? keyword.GetLocation()
                    : slot.Syntax.GetLocation();
            string name = call.Name.StartsWith("ConnectDeferred", StringComparison.Ordinal) ? "ConnectDeferredAsync" : "ConnectAsync";
            context.ReportDiagnostic(Diagnostic.Create(Rules.AsyncSlot, location, call.Name, name));
        }
    }

    private static bool IsAsyncVoid(IOperation slot) =>
        slot switch
        {
            IAnonymousFunctionOperation lambda => lambda.Symbol.IsAsync,
            IMethodReferenceOperation reference => reference.Method.ReturnsVoid && (reference.Method.IsAsync || HasStateMachine(reference.Method)),
            _ => false,
        };

    /// <summary>Determines whether a method of a referenced assembly is async: its symbol does not indicate that, but its attributes do.</summary>
    private static bool HasStateMachine(IMethodSymbol method) =>
        method.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "AsyncStateMachineAttribute");
}
