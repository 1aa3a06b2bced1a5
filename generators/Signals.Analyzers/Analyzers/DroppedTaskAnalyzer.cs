using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.Analyzers;

/// <summary>SIG008: finds calls of EmitAsync, SendAsync and WriteAsync whose task is dropped.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DroppedTaskAnalyzer() : SignalAnalyzer(Rules.DroppedTask)
{
    private protected override void Register(CompilationStartAnalysisContext context, SignalTypes types) =>
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context)
    {
        var invocation = (IInvocationOperation)context.Operation;
        if (
            invocation.TargetMethod is { Name: "EmitAsync" or "SendAsync" or "WriteAsync" } method
            && method.ReturnType is { Name: "Task" or "ValueTask" }
            && IsOfLibrary(method)
            && IsDropped(invocation)
        )
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.DroppedTask, invocation.Syntax.GetLocation(), method.Name));
        }
    }

    /// <summary>Determines whether a method, or the one that it overrides, belongs to this library.</summary>
    private static bool IsOfLibrary(IMethodSymbol method)
    {
        for (IMethodSymbol? current = method; current is not null; current = current.OverriddenMethod)
        {
            if (SignalTypes.IsOfLibrary(current.ContainingType))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Determines whether the task of a call is dropped: the call is a statement, possibly followed by ConfigureAwait, AsTask or Preserve. Discards are
    /// intended.
    /// </summary>
    private static bool IsDropped(IOperation invocation)
    {
        while (
            invocation.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "Preserve" } wrapper
            && wrapper.Instance == invocation
        )
        {
            invocation = wrapper;
        }

        return invocation.IsStatement();
    }
}
