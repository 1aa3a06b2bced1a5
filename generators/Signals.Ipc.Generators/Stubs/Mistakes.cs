using Microsoft.CodeAnalysis;

namespace Signals.Ipc.Generators.Stubs;

/// <summary>The diagnostics of the generator. docs/generated-stubs.md describes them.</summary>
internal static class Mistakes
{
    internal const string RequestStream = "SIGNALS001";
    internal const string MessageHasNameOfStub = "SIGNALS002";
    internal const string MethodsHaveOneName = "SIGNALS003";
    internal const string MessageNotFound = "SIGNALS004";
    internal const string ServicesHaveOneStub = "SIGNALS005";
    internal const string ServicesHaveOneName = "SIGNALS006";
    internal const string OptionWithoutStream = "SIGNALS007";
    internal const string UnreadableDescriptor = "SIGNALS008";
    internal const string RequestHasFields = "SIGNALS009";
    internal const string SignalAndProperty = "SIGNALS010";

    private const string Category = "Signals.Ipc";

    private static readonly DiagnosticDescriptor RequestStreamRule = new(
        RequestStream,
        "An rpc takes a stream of requests",
        "rpc '{0}' takes a stream of requests, which the protocol does not support",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    private static readonly DiagnosticDescriptor MessageHasNameOfStubRule = new(
        MessageHasNameOfStub,
        "A message or an enum has the name of a stub",
        "'{0}' is the name of a stub of service '{1}': rename the message or the enum, or the service",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    private static readonly DiagnosticDescriptor MethodsHaveOneNameRule = new(
        MethodsHaveOneName,
        "Two rpcs have names that C# cannot tell apart",
        "The rpcs '{0}' and '{1}' have names that cannot be told apart in C#: rename one of them",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    private static readonly DiagnosticDescriptor MessageNotFoundRule = new(
        MessageNotFound,
        "The class of a message was not found",
        "There is no class for message '{0}' of rpc '{1}', or several: reference the project or package with the code that protoc generated from its file",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    private static readonly DiagnosticDescriptor ServicesHaveOneStubRule = new(
        ServicesHaveOneStub,
        "Two services have stubs of one name",
        "Service '{0}' would have stubs of the same names as service '{1}' in '{2}': rename one of them, or give the files different namespaces",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    private static readonly DiagnosticDescriptor ServicesHaveOneNameRule = new(
        ServicesHaveOneName,
        "Two services have one short name",
        "Service '{0}' has the short name of a service in '{1}': a host can offer only one of them",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true
    );

    private static readonly DiagnosticDescriptor OptionWithoutStreamRule = new(
        OptionWithoutStream,
        "A signal or a property returns no stream",
        "rpc '{0}' has the option 'signals.{1}', so it must return a stream: write 'returns (stream {2})'",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    private static readonly DiagnosticDescriptor RequestHasFieldsRule = new(
        RequestHasFields,
        "A signal or a property takes a request with fields",
        "rpc '{0}' has the option 'signals.{1}', so its request must be a message without fields, which '{2}' is not: use 'google.protobuf.Empty'",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    private static readonly DiagnosticDescriptor SignalAndPropertyRule = new(
        SignalAndProperty,
        "An rpc is a signal and a property",
        "rpc '{0}' has both options 'signals.signal' and 'signals.property': remove one of them",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true
    );

    private static readonly DiagnosticDescriptor UnreadableDescriptorRule = new(
        UnreadableDescriptor,
        "A descriptor cannot be read",
        "The descriptor in '{0}' cannot be read, so its services get no stubs",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true
    );

    private static readonly Dictionary<string, DiagnosticDescriptor> Rules = new[]
    {
        RequestStreamRule,
        MessageHasNameOfStubRule,
        MethodsHaveOneNameRule,
        MessageNotFoundRule,
        ServicesHaveOneStubRule,
        ServicesHaveOneNameRule,
        OptionWithoutStreamRule,
        UnreadableDescriptorRule,
        RequestHasFieldsRule,
        SignalAndPropertyRule,
    }.ToDictionary(rule => rule.Id);

    /// <summary>Gets the ids of all diagnostics.</summary>
    internal static IEnumerable<string> Ids => Rules.Keys;

    /// <summary>Creates the diagnostic for a mistake.</summary>
    internal static Diagnostic ToDiagnostic(this Mistake mistake, Location location) =>
        Diagnostic.Create(Rules[mistake.Id], location, [.. mistake.Arguments]);
}
