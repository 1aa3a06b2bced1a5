using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Signals.Hosting.Registration;
using Signals.Remote;

namespace Signals.Hosting;

/// <content>Exported and imported signals. If the container has an <see cref="ISignalCodec{T}"/> of the type, it encodes the values.</content>
public abstract partial class IpcBuilder<TBuilder>
{
    /// <summary>
    /// Exports a signal that the container creates. Request <see cref="Signal"/> with the key to emit it, and
    /// <see cref="ExportedSignal"/> with the key to observe its subscriptions.
    /// </summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="options">The options of the export, or null for the default ones.</param>
    /// <param name="key">The key in the container, or null for the name.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">A signal of this type is registered with the key already.</exception>
    public TBuilder AddExportedSignal(string name, ExportOptions? options = null, string? key = null)
    {
        KeyedServices.Add(Services, KeyOf(name, key), static _ => new Signal());
        return AddExportedSignal(name, services => services.GetRequiredKeyedService<Signal>(key ?? name), options, key);
    }

    /// <summary>Exports a signal of an object of the container. Request <see cref="ExportedSignal"/> with the key to observe its subscriptions.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="signal">The function that returns the signal. Called once, before the host listens or the client connects.</param>
    /// <param name="options">The options of the export, or null for the default ones.</param>
    /// <param name="key">The key in the container, or null for the name.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> or <paramref name="signal"/> is null.</exception>
    /// <exception cref="InvalidOperationException">An exported signal is registered with the key already.</exception>
    public TBuilder AddExportedSignal(string name, Func<IServiceProvider, ISignal> signal, ExportOptions? options = null, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return AddExport(KeyOf(name, key), services => _registration.ExporterOf(services).Export(name, signal(services), options));
    }

    /// <summary>
    /// Exports a signal that the container creates. Request <see cref="Signal{T}"/> with the key to emit it, and
    /// <see cref="ExportedSignal"/> with the key to observe its subscriptions.
    /// </summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="name">The name of the export.</param>
    /// <param name="options">The options of the export, or null for the default ones.</param>
    /// <param name="key">The key in the container, or null for the name.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">A signal of this type is registered with the key already.</exception>
    public TBuilder AddExportedSignal<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        string name,
        ExportOptions? options = null,
        string? key = null
    )
    {
        KeyedServices.Add(Services, KeyOf(name, key), static _ => new Signal<T>());
        return AddExportedSignal<T>(name, services => services.GetRequiredKeyedService<Signal<T>>(key ?? name), options, key);
    }

    /// <summary>Exports a signal of an object of the container. Request <see cref="ExportedSignal"/> with the key to observe its subscriptions.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="name">The name of the export.</param>
    /// <param name="signal">The function that returns the signal. Called once, before the host listens or the client connects.</param>
    /// <param name="options">The options of the export, or null for the default ones.</param>
    /// <param name="key">The key in the container, or null for the name.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> or <paramref name="signal"/> is null.</exception>
    /// <exception cref="InvalidOperationException">An exported signal is registered with the key already.</exception>
    public TBuilder AddExportedSignal<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        string name,
        Func<IServiceProvider, ISignal<T>> signal,
        ExportOptions? options = null,
        string? key = null
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        return AddExport(
            KeyOf(name, key),
            services =>
            {
                ISignalExporter exporter = _registration.ExporterOf(services);
                return services.GetService<ISignalCodec<T>>() is { } codec
                    ? exporter.Export(name, signal(services), codec, options)
                    : exporter.Export(name, signal(services), options);
            }
        );
    }

    /// <summary>
    /// Exports a property that the container creates. Request <see cref="Property{T}"/> with the key to set it, and <see cref="ExportedProperty{T}"/> with the
    /// key to observe its subscriptions or to allow importers to set it.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="name">The name of the export.</param>
    /// <param name="value">The initial value.</param>
    /// <param name="options">The options of the export, or null for the default ones.</param>
    /// <param name="key">The key in the container, or null for the name.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">A property of this type is registered with the key already.</exception>
    public TBuilder AddExportedProperty<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        string name,
        T value,
        ExportOptions? options = null,
        string? key = null
    )
    {
        KeyedServices.Add(Services, KeyOf(name, key), _ => new Property<T>(value));
        return AddExportedProperty<T>(name, services => services.GetRequiredKeyedService<Property<T>>(key ?? name), options, key);
    }

    /// <summary>
    /// Exports a property of an object of the container. Request <see cref="ExportedProperty{T}"/> with the key to observe its subscriptions or to allow
    /// importers to set it.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="name">The name of the export.</param>
    /// <param name="property">The function that returns the property. Called once, before the host listens or the client connects.</param>
    /// <param name="options">The options of the export, or null for the default ones.</param>
    /// <param name="key">The key in the container, or null for the name.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> or <paramref name="property"/> is null.</exception>
    /// <exception cref="InvalidOperationException">An exported property of this type is registered with the key already.</exception>
    public TBuilder AddExportedProperty<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        string name,
        Func<IServiceProvider, IReadOnlyProperty<T>> property,
        ExportOptions? options = null,
        string? key = null
    )
    {
        ArgumentNullException.ThrowIfNull(property);
        return AddExport(
            KeyOf(name, key),
            services =>
            {
                ISignalExporter exporter = _registration.ExporterOf(services);
                return services.GetService<ISignalCodec<T>>() is { } codec
                    ? exporter.Export(name, property(services), codec, options)
                    : exporter.Export(name, property(services), options);
            }
        );
    }

    /// <summary>
    /// Imports a signal. Request <see cref="ISignal"/> or <see cref="RemoteSignal"/> with the key to connect slots. The signal is subscribed to while a slot is
    /// connected.
    /// </summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="options">The options of the import, or null for the default ones.</param>
    /// <param name="key">The key in the container, or null for the name.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">A signal of this type is registered with the key already.</exception>
    public TBuilder AddRemoteSignal(string name, ImportOptions? options = null, string? key = null) =>
        AddImport<ISignal, RemoteSignal>(KeyOf(name, key), services => _registration.ImporterOf(services).Import(name, options));

    /// <summary>
    /// Imports a signal. Request <see cref="ISignal{T}"/> or <see cref="RemoteSignal{T}"/> with the key to connect slots. The signal is subscribed to while a
    /// slot is connected.
    /// </summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="name">The name of the export.</param>
    /// <param name="options">The options of the import, or null for the default ones.</param>
    /// <param name="key">The key in the container, or null for the name.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">A signal of this type is registered with the key already.</exception>
    public TBuilder AddRemoteSignal<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        string name,
        ImportOptions? options = null,
        string? key = null
    ) =>
        AddImport<ISignal<T>, RemoteSignal<T>>(
            KeyOf(name, key),
            services =>
                services.GetService<ISignalCodec<T>>() is { } codec
                    ? _registration.ImporterOf(services).Import(name, codec, options)
                    : _registration.ImporterOf(services).Import<T>(name, options)
        );

    /// <summary>
    /// Imports a property. Request <see cref="IReadOnlyProperty{T}"/> or <see cref="RemoteProperty{T}"/> with the key to read it. The property is subscribed to
    /// while a slot is connected to it.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="name">The name of the export.</param>
    /// <param name="options">The options of the import, or null for the default ones.</param>
    /// <param name="key">The key in the container, or null for the name.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">A property of this type is registered with the key already.</exception>
    public TBuilder AddRemoteProperty<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        string name,
        ImportOptions? options = null,
        string? key = null
    ) =>
        AddImport<IReadOnlyProperty<T>, RemoteProperty<T>>(
            KeyOf(name, key),
            services =>
                services.GetService<ISignalCodec<T>>() is { } codec
                    ? _registration.ImporterOf(services).ImportProperty(name, codec, options)
                    : _registration.ImporterOf(services).ImportProperty<T>(name, options)
        );

    private static string KeyOf(string name, string? key)
    {
        ArgumentNullException.ThrowIfNull(name);
        return key ?? name;
    }

    private TBuilder AddExport<TExport>(string key, Func<IServiceProvider, TExport> export)
        where TExport : RemoteExport
    {
        KeyedServices.Add(Services, key, export);
        _registration.Exports.Add(services => services.GetRequiredKeyedService<TExport>(key));
        return (TBuilder)this;
    }

    private TBuilder AddImport<TInterface, TImport>(string key, Func<IServiceProvider, TImport> import)
        where TInterface : class
        where TImport : RemoteImport, TInterface
    {
        KeyedServices.Add(Services, key, import);
        KeyedServices.Add<TInterface>(Services, key, services => services.GetRequiredKeyedService<TImport>(key));
        return (TBuilder)this;
    }
}
