using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Google.Protobuf.Reflection;

namespace Signals.Ipc.Services;

/// <summary>The methods of a service, from its generated descriptor: what proxies and services both go by.</summary>
internal sealed class MethodTable
{
    private const string Suffix = "Async";

    private static readonly ConditionalWeakTable<ServiceDescriptor, MethodTable> Tables = [];

    private readonly FrozenDictionary<string, ServiceMethod> _methods;

    /// <summary>The same with "Async" behind the names too, so that no call has to make a string to find its method.</summary>
    private readonly FrozenDictionary<string, ServiceMethod> _callers;

    private MethodTable(ServiceDescriptor descriptor)
    {
        ServiceName = descriptor.Name;
        Methods = [.. descriptor.Methods.Select((method, index) => new ServiceMethod(method, index))];
        _methods = Methods.ToFrozenDictionary(method => method.Name);
        _callers = Methods
            .Where(method => !_methods.ContainsKey(method.Name + Suffix))
            .Select(method => KeyValuePair.Create(method.Name + Suffix, method))
            .Concat(_methods)
            .ToFrozenDictionary();
    }

    /// <summary>The short name, by which the service is known on the wire.</summary>
    internal string ServiceName { get; }

    /// <summary>In the order of the .proto file; a method's index is its place here.</summary>
    internal IReadOnlyList<ServiceMethod> Methods { get; }

    /// <summary>The table of a service.</summary>
    /// <exception cref="ArgumentException">The service has a method that takes a stream, which the protocol does not know.</exception>
    internal static MethodTable Of(ServiceDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return Tables.GetValue(descriptor, static descriptor => new MethodTable(descriptor));
    }

    /// <summary>The method of a name, or null.</summary>
    internal ServiceMethod? Find(string name) => _methods.GetValueOrDefault(name);

    /// <summary>The method that a C# method is named after, with or without "Async" at the end.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    internal ServiceMethod Get(string caller) =>
        _callers.GetValueOrDefault(caller)
        ?? throw new InvalidOperationException(
            $"Service {ServiceName} has no method {caller}. It has: {string.Join(", ", Methods.Select(other => other.Name))}."
        );
}
