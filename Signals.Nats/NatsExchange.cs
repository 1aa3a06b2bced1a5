using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using Signals.Nats.Connections;
using Signals.Nats.Exporting;
using Signals.Nats.Importing;
using Signals.Remote;

namespace Signals.Nats;

/// <summary>
/// An exchange over a NATS server or cluster, for any number of processes and machines. All exchanges with the same prefix can import each other's exports.
/// </summary>
/// <remarks>
/// <para>
/// The exchange connects to the server at the first export, or when the first slot is connected to an import, and reconnects after a loss. Without a server, imports
/// are <see cref="RemoteState.Waiting"/>, and emissions are dropped and counted.
/// </para>
/// <para>
/// Several exchanges may export a name: imports of the signal merge them, and a property of two is refused. An exchange does not import its own
/// exports. <see cref="ExportOptions.Authorize"/> is refused, because each process that can read the subject can read the values: use the permissions of the
/// server instead. All members are thread-safe.
/// </para>
/// </remarks>
public sealed class NatsExchange : ISignalExporter, ISignalImporter, IAsyncDisposable, IPortUser
{
    private const RemoteCapabilities Always = RemoteCapabilities.Setting | RemoteCapabilities.ManyExporters | RemoteCapabilities.Patterns;

    private static readonly TimeSpan TickTime = TimeSpan.FromSeconds(2);

    private readonly NatsPort _port;
    private readonly NatsExports _exports;
    private readonly NatsImports _imports;
    private readonly ITimer _timer;
    private readonly ConnectionEvaluator? _ownEvaluator;
    private int _isDisposed;

    /// <summary>Initializes an exchange with a connection of its own.</summary>
    /// <param name="url">
    /// The address of the server, for example "nats://localhost:4222", or several addresses separated by commas. An address can contain a user and a password.
    /// </param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <exception cref="ArgumentException"><paramref name="url"/> is empty or not an address.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="url"/> is null.</exception>
    public NatsExchange(string url, NatsExchangeOptions? options = null)
        : this(Create(url), options, isOwner: true) { }

    /// <summary>Initializes an exchange over an existing connection, which the caller disposes after the exchange.</summary>
    /// <param name="connection">
    /// The connection. Set <see cref="NatsOpts.ReconnectWaitMin"/> and <see cref="NatsOpts.PingInterval"/> to detect a lost server soon, and
    /// <see cref="NatsOpts.IgnoreAuthErrorAbort"/> so that the client keeps trying after authorization errors.
    /// </param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    public NatsExchange(NatsConnection connection, NatsExchangeOptions? options = null)
        : this(connection, options, isOwner: false) { }

    private NatsExchange(NatsConnection connection, NatsExchangeOptions? options, bool isOwner)
    {
        ArgumentNullException.ThrowIfNull(connection);
        options = options?.Copy() ?? new NatsExchangeOptions();
        ILogger logger = options.Logger ?? NullLogger.Instance;
        ulong id = NatsLink.CreateId();
        Id = id.ToString("x16", CultureInfo.InvariantCulture);
        var subjects = new Subjects(options.Prefix);
        var work = new SerialQueue(exception => logger.Failed(Id, exception));
        _ownEvaluator = options.Evaluator is null ? new ThreadPoolEvaluator(new ConnectionEvaluatorOptions { Name = nameof(NatsExchange) }) : null;
        ConnectionEvaluator evaluator = options.Evaluator ?? _ownEvaluator!;
        RemoteCapabilities capabilities = Always | (options.ReplayFromMemory ? RemoteCapabilities.Replay : RemoteCapabilities.None);
        _port = new NatsPort(connection, isOwner, this, Id, logger);
        Exports = new RemoteExports(
            capabilities,
            evaluator,
            options.TimeProvider,
            () => _exports!.Start(),
            (name, exception) => logger.ExportFailed(name, exception)
        );
        Imports = new RemoteImports(capabilities, evaluator, () => _imports!.Start());
        _exports = new NatsExports(Exports, _port, subjects, work, options, id);
        _imports = new NatsImports(Imports, _port, subjects, work, options, logger, id);
        _timer = options.TimeProvider.CreateTimer(static state => ((NatsExchange)state!).Tick(), this, TickTime, TickTime);
    }

    /// <summary>Gets the number that identifies the exchange, in 16 hexadecimal digits, as in the headers of its messages.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public RemoteExports Exports { get; }

    /// <inheritdoc/>
    public RemoteImports Imports { get; }

    /// <summary>Gets the two ends. Used by tests.</summary>
    internal NatsExports ExportEnd => _exports;
    internal NatsImports ImportEnd => _imports;

    /// <summary>
    /// Ends all imports and exports. Pending emissions are published before. Importers of the exports become <see cref="RemoteState.Stale"/> when they have handled
    /// what has arrived. Waits a few seconds at most for a server that does not
    /// respond. Further calls do nothing.
    /// </summary>
    /// <returns>A task that ends when the connection is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        Imports.Dispose();
        _imports.Close();
        _exports.Close();
        await _port.DisposeAsync().ConfigureAwait(false);
        Exports.Dispose();
        _ownEvaluator?.Dispose();
    }

    void IPortUser.OnOpened(int maxPayload)
    {
        _exports.OnOpened(maxPayload);
        _imports.OnOpened();
    }

    void IPortUser.OnLost()
    {
        _exports.OnLost();
        _imports.OnLost();
    }

    void IPortUser.OnServerError(string error)
    {
        // Permissions Violation for Subscription to "signals.v.a"
        string[] parts = error.Split('"');
        if (parts.Length < 2 || !error.Contains("permissions violation", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        if (error.Contains("subscription", StringComparison.OrdinalIgnoreCase))
        {
            _imports.OnNotAllowed(parts[1], error);
        }
        else
        {
            _exports.OnNotAllowed(parts[1], error);
        }
    }

    ValueTask<bool> IPortUser.PublishNextAsync() => _exports.PublishNextAsync();

    private static NatsConnection Create(string url)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        try
        {
            return new NatsConnection(
                new NatsOpts
                {
                    Url = url,
                    Name = "Signals",
                    IgnoreAuthErrorAbort = true,
                    PingInterval = TimeSpan.FromSeconds(1),
                    MaxPingOut = 2,
                    ReconnectWaitMin = TimeSpan.FromMilliseconds(50),
                    ReconnectWaitMax = TimeSpan.FromMilliseconds(250),
                    ReconnectJitter = TimeSpan.FromMilliseconds(25),
                }
            );
        }
        catch (UriFormatException exception)
        {
            throw new ArgumentException(
                $"\"{url}\" is not the address of a NATS server. Pass an address such as nats://localhost:4222.",
                nameof(url),
                exception
            );
        }
    }

    private void Tick()
    {
        _exports.Tick();
        _imports.Tick();
    }
}
