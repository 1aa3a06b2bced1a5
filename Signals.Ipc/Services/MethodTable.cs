using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Google.Protobuf.Reflection;

namespace Signals.Ipc.Services;

/// <summary>The methods of a service as its generated descriptor lists them. Proxies and services both use it.</summary>
internal sealed class MethodTable
{
    private const string Suffix = "Async";

    private static readonly ConditionalWeakTable<ServiceDescriptor, MethodTable> Tables = [];

    private readonly Dictionary<string, ServiceMethod> _methods = [];

    /// <summary>The methods by their names with and without the suffix "Async", so that a call finds its method without creating a string.</summary>
    private readonly FrozenDictionary<string, ServiceMethod> _callers;

    private MethodTable(ServiceDescriptor descriptor)
    {
        ServiceName = descriptor.Name;
        Methods = [.. descriptor.Methods.Select((method, index) => new ServiceMethod(method, index))];
        foreach (ServiceMethod method in Methods)
        {
            _methods.Add(method.Name, method);
        }

        // Loops and not queries: a process compiles each instance of a generic method when it starts.
        var callers = new Dictionary<string, ServiceMethod>(_methods);
        foreach (ServiceMethod method in Methods)
        {
            callers.TryAdd(method.Name + Suffix, method);
        }

        _callers = callers.ToFrozenDictionary();
    }

    /// <summary>Gets the short name, which identifies the service on the wire.</summary>
    internal string ServiceName { get; }

    /// <summary>Gets the methods in the order of the .proto file. The index of a method is its position in this list.</summary>
    internal IReadOnlyList<ServiceMethod> Methods { get; }

    /// <summary>Gets the table of a service.</summary>
    /// <exception cref="ArgumentException">The service has a method that takes a stream of requests, which the protocol does not support.</exception>
    internal static MethodTable Of(ServiceDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return Tables.GetValue(descriptor, static descriptor => new MethodTable(descriptor));
    }

    /// <summary>Returns the method with the specified name, or null.</summary>
    internal ServiceMethod? Find(string name) => _methods.GetValueOrDefault(name);

    /// <summary>Returns the method that a C# method is named after, with or without the suffix "Async".</summary>
    /// <exception cref="InvalidOperationException">The service has no such method.</exception>
    internal ServiceMethod Get(string caller) =>
        _callers.GetValueOrDefault(caller)
        ?? throw new InvalidOperationException(
            $"Service {ServiceName} has no method {caller}. Its methods are: {string.Join(", ", Methods.Select(other => other.Name))}."
        );
}
