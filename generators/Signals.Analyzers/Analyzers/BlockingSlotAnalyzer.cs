using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.Analyzers;

/// <summary>SIG006: finds slots that block the thread that runs them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BlockingSlotAnalyzer() : SignalAnalyzer(Rules.BlockingSlot)
{
    /// <summary>The methods that block, by the full name of their type.</summary>
    private static readonly Dictionary<string, string[]> BlockingMethods = new()
    {
        ["System.Threading.Thread"] = ["Sleep", "Join"],
        ["System.Threading.Monitor"] = ["Wait"],
        ["System.Threading.SpinWait"] = ["SpinUntil"],
        ["System.Threading.WaitHandle"] = ["WaitOne", "WaitAny", "WaitAll", "SignalAndWait"],
        ["System.Threading.ManualResetEventSlim"] = ["Wait"],
        ["System.Threading.SemaphoreSlim"] = ["Wait"],
        ["System.Threading.CountdownEvent"] = ["Wait"],
        ["System.Threading.Barrier"] = ["SignalAndWait"],
        ["System.Threading.Tasks.Task"] = ["Wait", "WaitAll", "WaitAny"],
        ["System.Runtime.CompilerServices.TaskAwaiter"] = ["GetResult"],
        ["System.Runtime.CompilerServices.ValueTaskAwaiter"] = ["GetResult"],
        ["System.Runtime.CompilerServices.ConfiguredTaskAwaitable.ConfiguredTaskAwaiter"] = ["GetResult"],
        ["System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter"] = ["GetResult"],
        ["System.Diagnostics.Process"] = ["WaitForExit"],
        ["Signals.ConnectionEvaluator"] = ["EvaluateDeferredConnections"],
    };

    private static readonly HashSet<string> Names = [.. BlockingMethods.Values.SelectMany(static names => names)];

    private static readonly SymbolDisplayFormat FullName = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces
    );

    private protected override void Register(CompilationStartAnalysisContext context, SignalTypes types) =>
        context.RegisterOperationAction(operation => Analyze(operation, types), OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context, SignalTypes types)
    {
        if (
            ConnectCall.From(context.Operation, types) is not { } call
            || Operations.BodyOf(call.Slot.Value.ResolveDelegate(context.CancellationToken), context.CancellationToken) is not { } body
        )
        {
            return;
        }

        foreach (IOperation operation in body.WithoutNestedFunctions())
        {
            switch (operation)
            {
                case IInvocationOperation invocation when IsBlocking(invocation.TargetMethod) && !IsPoll(invocation):
                    Report(operation, $"{invocation.TargetMethod.ContainingType.Name}.{invocation.TargetMethod.Name}");
                    break;
                case IPropertyReferenceOperation { Property: { Name: "Result" } property } result
                    when property.ContainingType is { Name: "Task" or "ValueTask", IsGenericType: true } && !IsKnownToHaveEnded(result, body):
                    Report(operation, $"{property.ContainingType.Name}.Result");
                    break;
            }
        }

        // A method can be the slot of several connections: one report at the connection is less than one at each call in it.
        void Report(IOperation operation, string name) =>
            context.ReportDiagnostic(Diagnostic.Create(Rules.BlockingSlot, operation.Syntax.GetLocation(), name));
    }

    private static bool IsBlocking(IMethodSymbol method)
    {
        if (!Names.Contains(method.Name))
        {
            return false;
        }

        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (BlockingMethods.TryGetValue(type.OriginalDefinition.ToDisplayString(FullName), out string[]? names) && names.Contains(method.Name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Determines whether a call has the constant timeout 0, and so does not wait.</summary>
    private static bool IsPoll(IInvocationOperation invocation) =>
        invocation.Arguments.Any(static argument => argument.Value.ConstantValue is { HasValue: true, Value: 0 } || IsZeroTimeSpan(argument.Value));

    private static bool IsZeroTimeSpan(IOperation value) => value is IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } };

    /// <summary>Determines whether the task of a result was awaited or tested for completion before.</summary>
    private static bool IsKnownToHaveEnded(IPropertyReferenceOperation result, IOperation body)
    {
        if (result.Instance is not { } task)
        {
            return false;
        }

        string text = task.Syntax.ToString();
        return body.WithoutNestedFunctions()
            .Any(operation =>
                operation.Syntax.SpanStart < result.Syntax.SpanStart
                && operation switch
                {
                    IAwaitOperation awaited => awaited.Operation.DescendantsAndSelf().Any(inner => inner.Syntax.ToString() == text),
                    IPropertyReferenceOperation { Property.Name: "IsCompleted" or "IsCompletedSuccessfully", Instance: { } tested } =>
                        tested.Syntax.ToString() == text,
                    _ => false,
                }
            );
    }
}
