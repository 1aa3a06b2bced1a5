using Signals.Hosting.Configuration;
using Signals.Ipc;

namespace Signals.Hosting;

/// <summary>The settings of an <see cref="IpcHost"/> of an application: the endpoints that it listens on, and its options.</summary>
/// <remarks>
/// The function that is passed to <c>AddIpcHost</c> sets the defaults of the program, and the configuration of the application overrides them: the section
/// <c>Ipc:Host</c>, or <c>Ipc:Hosts:NAME</c> of a host with a name. The settings are read once, when the host is created.
/// </remarks>
public sealed class IpcHostSettings : ISettings
{
    private readonly List<string> _failures = [];

    /// <summary>Gets the endpoints that the host listens on. Empty by default. If a host has no endpoint and no
    /// <see cref="SocketActivation"/>, the application does not start.</summary>
    public IList<IpcEndpoint> Endpoints { get; } = [];

    /// <summary>
    /// Gets or sets the name of the sockets that a service manager passes to the process (socket activation), or <c>*</c> for all of them. If sockets were
    /// passed, the host accepts their clients and ignores the <see cref="Endpoints"/>; otherwise the host listens on the endpoints, so that the program can also
    /// be started by hand. The default is null: passed sockets are not used.
    /// </summary>
    public string? SocketActivation { get; set; }

    /// <summary>
    /// Gets the options of the host. If they have no logger, the host uses a logger of the application. If they have no clock, the host uses the
    /// <see cref="TimeProvider"/> of the container, if one is registered.
    /// </summary>
    public IpcHostOptions Host { get; } = new();

    /// <inheritdoc/>
    ICollection<string> ISettings.Failures => _failures;

    /// <summary>Adds an endpoint to <see cref="Endpoints"/>.</summary>
    /// <param name="endpoint">A path, <c>@name</c>, <c>host:port</c> or <c>memory:name</c>; see <see cref="IpcEndpoint"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endpoint"/> is null.</exception>
    /// <exception cref="FormatException"><paramref name="endpoint"/> is not an endpoint.</exception>
    /// <exception cref="ArgumentException">The path or name is longer than <see cref="IpcEndpoint.MaxPathBytes"/>.</exception>
    public void Listen(string endpoint) => Endpoints.Add(IpcEndpoint.Parse(endpoint));

    /// <inheritdoc/>
    string? ISettings.FindMissing(string section) =>
        Endpoints.Count == 0 && string.IsNullOrEmpty(SocketActivation)
            ? $"{section}:{SettingNames.Endpoint} is missing. Set it in the configuration, or call {nameof(Listen)} in the function that is passed to AddIpcHost."
        : Endpoints.Contains(default) ? $"An endpoint of the host is default({nameof(IpcEndpoint)}). Create endpoints with {nameof(IpcEndpoint)}.Parse."
        : null;
}
