using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.Analyzers;

/// <summary>SIG009: finds evaluators that only connections refer to.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnkeptEvaluatorAnalyzer() : SignalAnalyzer(Rules.UnkeptEvaluator)
{
    private protected override void Register(CompilationStartAnalysisContext context, SignalTypes types)
    {
        context.RegisterOperationAction(operation => AnalyzeCreation(operation, types), OperationKind.ObjectCreation);
        context.RegisterOperationAction(operation => AnalyzeVariable(operation, types), OperationKind.VariableDeclarator);
    }

    private static void AnalyzeCreation(OperationAnalysisContext context, SignalTypes types)
    {
        if (types.IsEvaluator(context.Operation.Type) && IsEvaluatorOfConnection(context.Operation, types))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.UnkeptEvaluator, context.Operation.Syntax.GetLocation()));
        }
    }

    private static void AnalyzeVariable(OperationAnalysisContext context, SignalTypes types)
    {
        var declarator = (IVariableDeclaratorOperation)context.Operation;
        if (!types.IsEvaluator(declarator.Symbol.Type) || !declarator.GetVariableInitializer().IsCreatedValue() || declarator.IsUsing())
        {
            return;
        }

        ILocalReferenceOperation[] references = declarator.ReferencesTo();
        if (references.Length != 0 && references.All(reference => IsEvaluatorOfConnection(reference, types)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.UnkeptEvaluator, declarator.GetVariableInitializer()!.Value.Syntax.GetLocation()));
        }
    }

    /// <summary>Determines whether a value is only passed to a call that connects a slot.</summary>
    private static bool IsEvaluatorOfConnection(IOperation value, SignalTypes types)
    {
        while (value.Parent is IConversionOperation conversion)
        {
            value = conversion;
        }

        return value.Parent is IArgumentOperation { Parent: { } call } argument
            && SignalTypes.Is(argument.Parameter?.Type, types.Evaluator)
            && ConnectCall.From(call, types) is not null;
    }
}
