using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Signals.Ipc.Exchange;

namespace Signals.Ipc.Host;

/// <summary>The services of a host. Lookups take no lock.</summary>
internal sealed class ServiceTable
{
    private readonly Lock _adding = new();

    /// <summary>The services; the one with id n is at index n - 1. The array is replaced when a service is added, never modified.</summary>
    private volatile ExposedService[] _services = [];

    /// <summary>Gets the services in the order in which they were exposed. The list is never modified.</summary>
    internal IReadOnlyList<ExposedService> All => _services;

    /// <exception cref="InvalidOperationException">
    /// The host already exposes a service of that name, the name is that of a built-in service, or an rpc has no method.
    /// </exception>
    internal void Add(Service service)
    {
        lock (_adding)
        {
            AssertInvariants();
            ExposedService[] services = _services;
            string name = service.Descriptor.Name;
            if (name == ControlService.Name || name == ExchangeService.Name)
            {
                throw new InvalidOperationException($"{name} is the name of a built-in service.");
            }

            if (TryFind(name, out _))
            {
                throw new InvalidOperationException($"The host already exposes a service named {name}. Clients identify services by their short names.");
            }

            _services = [.. services, new ExposedService((uint)services.Length + 1, service)];
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_adding.IsHeldByCurrentThread);
        ExposedService[] services = _services;
        for (int index = 0; index < services.Length; index++)
        {
            Debug.Assert(services[index].Id == index + 1, "The service with id n is at index n - 1.");
        }
    }

    internal bool TryFind(string name, [NotNullWhen(true)] out ExposedService? service)
    {
        service = Array.Find(_services, candidate => candidate.Table.ServiceName == name);
        return service is not null;
    }

    internal bool TryFind(uint id, [NotNullWhen(true)] out ExposedService? service)
    {
        ExposedService[] services = _services;
        uint index = id - 1;
        service = index < (uint)services.Length ? services[index] : null;
        return service is not null;
    }
}
