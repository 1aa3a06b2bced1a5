using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.Analyzers;

/// <summary>SIG004: finds capturing slots of weak connections and of connections with a state.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CapturingSlotAnalyzer() : SignalAnalyzer(Rules.CapturingSlot)
{
    private const string KeepsAlive = "which the connection then keeps alive";

    private protected override void Register(CompilationStartAnalysisContext context, SignalTypes types) =>
        context.RegisterOperationAction(operation => Analyze(operation, types), OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context, SignalTypes types)
    {
        if (ConnectCall.From(context.Operation, types) is not { } call || !(call.IsWeak || call.HasState))
        {
            return;
        }

        IOperation slot = call.Slot.Value.Unwrap();
        switch (slot.ResolveDelegate(context.CancellationToken))
        {
            case IAnonymousFunctionOperation lambda when Captures.Of(lambda, context.CancellationToken).FirstOrDefault() is { } capture:
                Location location = slot.Syntax is LambdaExpressionSyntax syntax
                    ? Location.Create(syntax.SyntaxTree, Microsoft.CodeAnalysis.Text.TextSpan.FromBounds(syntax.SpanStart, syntax.ArrowToken.Span.End))
                    : slot.Syntax.GetLocation();
                Report(location, Captures.NameOf(capture));
                break;
            // The delegate of an instance method keeps the instance alive. With a state, that is allowed: it costs no more than without one.
            case IMethodReferenceOperation { Instance: { } instance } when call.IsWeak:
                Report(slot.Syntax.GetLocation(), instance is IInstanceReferenceOperation ? "this" : instance.Syntax.ToString());
                break;
        }

        void Report(Location location, string captured) =>
            context.ReportDiagnostic(
                Diagnostic.Create(Rules.CapturingSlot, location, call.Name, captured, call.IsWeak ? KeepsAlive : "which costs a closure")
            );
    }
}
