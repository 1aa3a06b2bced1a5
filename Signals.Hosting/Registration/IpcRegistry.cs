using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Signals.Hosting.Registration;

/// <summary>The registrations of the hosts and clients of an application. Belongs to one collection of services.</summary>
internal sealed class IpcRegistry
{
    private readonly Dictionary<string, HostRegistration> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ClientRegistration> _clients = new(StringComparer.Ordinal);

    /// <summary>The names of the hosts or clients to which the services of a type belong.</summary>
    private readonly Dictionary<Type, List<string>> _names = [];

    /// <summary>Returns the registry of a collection of services.</summary>
    internal static IpcRegistry Of(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(IpcRegistry)) is { ImplementationInstance: IpcRegistry registry })
        {
            return registry;
        }

        var added = new IpcRegistry();
        services.AddSingleton(added);
        return added;
    }

    /// <summary>Returns the registration of a host, which is created at the first call.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isNew">A value that indicates whether this call has created the registration.</param>
    internal HostRegistration Host(string name, out bool isNew) => Get(_hosts, name, static name => new HostRegistration(name), out isNew);

    /// <summary>Returns the registration of a client, which is created at the first call.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isNew">A value that indicates whether this call has created the registration.</param>
    internal ClientRegistration Client(string name, out bool isNew) => Get(_clients, name, static name => new ClientRegistration(name), out isNew);

    /// <summary>
    /// Makes a service with a name as its key available without a key. A request without a key returns the service without a name, or the only one, and throws
    /// if several services have names and none is without.
    /// </summary>
    internal void AddWithoutKey(IServiceCollection services, Type type, string name)
    {
        if (!_names.TryGetValue(type, out List<string>? names))
        {
            _names[type] = names = [];
            services.TryAddSingleton(type, provider => provider.GetRequiredKeyedService(type, Choose(type, names)));
        }

        names.Add(name);
    }

    private static string Choose(Type type, List<string> names) =>
        names.Contains("") ? ""
        : names.Count == 1 ? names[0]
        : throw new InvalidOperationException(
            $"There are {names.Count} services of type {type.Name}: {string.Join(", ", names)}. Request one by its name, for example [FromKeyedServices(\"{names[0]}\")]."
        );

    private static TRegistration Get<TRegistration>(
        Dictionary<string, TRegistration> known,
        string name,
        Func<string, TRegistration> create,
        out bool isNew
    )
        where TRegistration : class
    {
        isNew = !known.TryGetValue(name, out TRegistration? registration);
        return registration ?? (known[name] = create(name));
    }
}
