using Signals.Hosting.Configuration;
using Signals.Ipc;

namespace Signals.Hosting;

/// <summary>The settings of an <see cref="IpcClient"/> of an application: the endpoint of its host, and its options.</summary>
/// <remarks>
/// The function that is passed to <c>AddIpcClient</c> sets the defaults of the program, and the configuration of the application overrides them: the section
/// <c>Ipc:Client</c>, or <c>Ipc:Clients:NAME</c> of a client with a name. The settings are read once, when the client is created.
/// </remarks>
public sealed class IpcClientSettings : ISettings
{
    private readonly List<string> _failures = [];

    /// <summary>Gets or sets the endpoint at which the host listens. Not set by default. If a client has no endpoint, the application does not start.</summary>
    public IpcEndpoint Endpoint { get; set; }

    /// <summary>
    /// Gets the options of the client. Unlike those of a client that the program creates, <see cref="IpcClientOptions.Retry"/> and
    /// <see cref="IpcClientOptions.Reconnect"/> are set. If they have no logger, the client uses a logger of the application. If they
    /// have no clock, the client uses the <see cref="TimeProvider"/> of the container, if one is registered.
    /// </summary>
    public IpcClientOptions Client { get; } = new() { Retry = true, Reconnect = true };

    /// <inheritdoc/>
    ICollection<string> ISettings.Failures => _failures;

    /// <summary>Sets the <see cref="Endpoint"/>.</summary>
    /// <param name="endpoint">A path, <c>@name</c>, <c>host:port</c> or <c>memory:name</c>; see <see cref="IpcEndpoint"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="endpoint"/> is null.</exception>
    /// <exception cref="FormatException"><paramref name="endpoint"/> is not an endpoint.</exception>
    /// <exception cref="ArgumentException">The path or name is longer than <see cref="IpcEndpoint.MaxPathBytes"/>.</exception>
    public void ConnectTo(string endpoint) => Endpoint = IpcEndpoint.Parse(endpoint);

    /// <inheritdoc/>
    string? ISettings.FindMissing(string section) =>
        Endpoint == default
            ? $"{section}:{SettingNames.Endpoint} is missing. Set it in the configuration, or call {nameof(ConnectTo)} in the function that is passed to AddIpcClient."
            : null;
}
