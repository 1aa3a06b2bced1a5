using Microsoft.CodeAnalysis;

namespace Signals.Analyzers.Support;

/// <summary>The types of Signals.Core that the analyzers look for, in one compilation.</summary>
internal sealed class SignalTypes
{
    private readonly INamedTypeSymbol?[] _signals;

    private SignalTypes(Compilation compilation, INamedTypeSymbol handle)
    {
        Handle = handle;
        Evaluator = compilation.GetTypeByMetadataName("Signals.ConnectionEvaluator");
        ScopedConnection = compilation.GetTypeByMetadataName("Signals.ScopedConnection");
        ConnectionGroup = compilation.GetTypeByMetadataName("Signals.ConnectionGroup");
        ConnectionBlocker = compilation.GetTypeByMetadataName("Signals.ConnectionBlocker");
        Property = compilation.GetTypeByMetadataName("Signals.Property`1");
        SignalList = compilation.GetTypeByMetadataName("Signals.SignalList`1");
        _signals =
        [
            compilation.GetTypeByMetadataName("Signals.Signal"),
            .. Enumerable.Range(1, 4).Select(arity => compilation.GetTypeByMetadataName($"Signals.Signal`{arity}")),
        ];
    }

    internal INamedTypeSymbol Handle { get; }

    internal INamedTypeSymbol? Evaluator { get; }

    internal INamedTypeSymbol? ScopedConnection { get; }

    internal INamedTypeSymbol? ConnectionGroup { get; }

    internal INamedTypeSymbol? ConnectionBlocker { get; }

    internal INamedTypeSymbol? Property { get; }

    internal INamedTypeSymbol? SignalList { get; }

    /// <summary>Finds the types, or returns null if the compilation does not use Signals.Core.</summary>
    internal static SignalTypes? Find(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Signals.ConnectionHandle") is { } handle ? new SignalTypes(compilation, handle) : null;

    /// <summary>Determines whether a type is Signal of any arity.</summary>
    internal bool IsSignal(ITypeSymbol? type) => type is { Name: "Signal" } && _signals.Any(signal => Is(type.OriginalDefinition, signal));

    /// <summary>Determines whether a type is one whose instances act when they are disposed.</summary>
    internal bool IsOwner(ITypeSymbol? type) =>
        type is not null && (Is(type, ScopedConnection) || Is(type, ConnectionGroup) || Is(type, ConnectionBlocker));

    /// <summary>Determines whether a type is an evaluator, derived ones included.</summary>
    internal bool IsEvaluator(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (Is(type, Evaluator))
            {
                return true;
            }
        }

        return false;
    }

    internal static bool Is(ITypeSymbol? type, INamedTypeSymbol? expected) =>
        expected is not null && SymbolEqualityComparer.Default.Equals(type, expected);

    /// <summary>Determines whether a type belongs to this library: to the namespace Signals, or to one inside it.</summary>
    internal static bool IsOfLibrary(ITypeSymbol? type)
    {
        INamespaceSymbol? space = type?.ContainingNamespace;
        while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }

        return space is { IsGlobalNamespace: false, Name: "Signals" };
    }
}
