using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Signals.Analyzers.Support;

namespace Signals.Analyzers.Analyzers;

/// <summary>Base class of the analyzers. It ignores generated code and compilations that do not use Signals.Core.</summary>
public abstract class SignalAnalyzer : DiagnosticAnalyzer
{
    private protected SignalAnalyzer(params DiagnosticDescriptor[] rules) => SupportedDiagnostics = [.. rules];

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (SignalTypes.Find(start.Compilation) is { } types)
            {
                Register(start, types);
            }
        });
    }

    /// <summary>Registers the actions for a compilation.</summary>
    private protected abstract void Register(CompilationStartAnalysisContext context, SignalTypes types);
}
