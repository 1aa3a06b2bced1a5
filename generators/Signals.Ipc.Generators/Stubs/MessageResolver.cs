using Microsoft.CodeAnalysis;
using Signals.Ipc.Generators.Descriptors;
using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Stubs;

/// <summary>Finds the classes of messages. A descriptor has the names of the .proto files only.</summary>
internal sealed class MessageResolver(Compilation compilation, MessageTable messages, ReflectionClass user)
{
    private const string ProtobufAssembly = "Google.Protobuf";

    /// <summary>Returns the class of a message, or null if there is none, or more than one that might be meant.</summary>
    /// <param name="message">The full name in the .proto file.</param>
    internal INamedTypeSymbol? Find(string message)
    {
        if (messages.Find(user, message) is { } name)
        {
            return compilation.Assembly.GetTypeByMetadataName(name);
        }

        // A library has no descriptor that can be read here: its namespaces are known from the imports or, for public imports, guessed.
        string[] namespaces = [.. user.Imports.Select(TypeNames.ScopeOf).Distinct()];
        (string Package, string ClassName)[] splits = [.. SplitsOf(message)];
        IEnumerable<INamedTypeSymbol?> likely = splits.SelectMany(split =>
            namespaces.Append(TypeNames.NamespaceOfPackage(split.Package)).Select(space => FindMessage(space, split.ClassName))
        );
        return Only(likely, splits) ?? Only(splits.SelectMany(split => SearchLibraries(split.ClassName)), splits);
    }

    /// <summary>Returns a value that indicates whether a class is a message.</summary>
    internal static bool IsMessage(INamedTypeSymbol type) =>
        type.AllInterfaces.Any(implemented =>
            implemented is { Name: "IMessage", Arity: 0 } && implemented.ContainingNamespace.ToDisplayString() == ProtobufAssembly
        );

    /// <summary>Returns each way to take a name apart into a package and a class, which may be nested.</summary>
    private static IEnumerable<(string Package, string ClassName)> SplitsOf(string message)
    {
        string[] parts = message.Split('.');
        for (int package = parts.Length - 1; package >= 0; package--)
        {
            yield return (string.Join(".", parts.Take(package)), string.Join("+Types+", parts.Skip(package)));
        }
    }

    /// <summary>Returns the one class that was found or, of several, the one whose namespace is that of the package.</summary>
    private static INamedTypeSymbol? Only(IEnumerable<INamedTypeSymbol?> found, (string Package, string ClassName)[] splits)
    {
        INamedTypeSymbol[] candidates = [.. found.OfType<INamedTypeSymbol>().Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default)];
        if (candidates.Length <= 1)
        {
            return candidates.FirstOrDefault();
        }

        INamedTypeSymbol[] namedAfterPackage =
        [
            .. candidates.Where(candidate =>
                splits.Any(split => candidate.ContainingNamespace.ToDisplayString() == TypeNames.NamespaceOfPackage(split.Package))
            ),
        ];
        return namedAfterPackage.Length == 1 ? namedAfterPackage[0] : null;
    }

    private INamedTypeSymbol? FindMessage(string space, string className) =>
        compilation.GetTypeByMetadataName(TypeNames.Join(space, className)) is { } type && IsMessage(type) ? type : null;

    /// <summary>Finds the messages of a name in all namespaces of the libraries that use Google.Protobuf, which takes long.</summary>
    private IEnumerable<INamedTypeSymbol> SearchLibraries(string className)
    {
        string[] names = className.Split('+');
        return compilation
            .SourceModule.ReferencedAssemblySymbols.Where(assembly =>
                assembly.Name == ProtobufAssembly || assembly.Modules.Any(module => module.ReferencedAssemblies.Any(used => used.Name == ProtobufAssembly))
            )
            .SelectMany(assembly => Search(assembly.GlobalNamespace, names))
            .Where(IsMessage);
    }

    private static IEnumerable<INamedTypeSymbol> Search(INamespaceSymbol space, string[] names)
    {
        IEnumerable<INamedTypeSymbol> found = space.GetTypeMembers(names[0], 0);
        foreach (string nested in names.Skip(1))
        {
            found = found.SelectMany(type => type.GetTypeMembers(nested, 0));
        }

        return found.Concat(space.GetNamespaceMembers().SelectMany(inner => Search(inner, names)));
    }
}
