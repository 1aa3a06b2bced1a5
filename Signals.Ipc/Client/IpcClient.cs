using System.Diagnostics;
using Signals.Ipc.Client;
using Signals.Ipc.Transport;
using Signals.Ipc.Transport.Custom;

namespace Signals.Ipc;

/// <summary>Connects to a host and binds proxies to its services.</summary>
/// <remarks>
/// <para>The signals of the client and of its proxies report events. The <see cref="IpcClientOptions.Evaluator"/> runs their slots in the order of
/// the events, and never inside a call of a member of this class.</para>
/// <para>All members are thread-safe and may be called at any time, including from those slots.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class IpcClient : IAsyncDisposable
{
    private readonly ClientSession _session;

    /// <summary>Initializes a new instance of the <see cref="IpcClient"/> class. The client is not connected.</summary>
    /// <param name="endpoint">The endpoint at which the host listens.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="endpoint"/> is <see langword="default"/>, or the <see cref="IpcClientOptions.Identity"/> does not fit into a frame.
    /// </exception>
    public IpcClient(IpcEndpoint endpoint, IpcClientOptions? options = null)
    {
        IpcEndpoint.ThrowIfDefault(endpoint);
        IpcClientOptions copy = Copy(options);
        _session = new ClientSession(Transports.ConnectorOf(endpoint), copy);
    }

    /// <summary>
    /// Initializes a new instance of the <see cref="IpcClient"/> class for a transport that the library does not know. The client is not connected.
    /// </summary>
    /// <param name="connector">The connector to the host.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="connector"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The endpoint of <paramref name="connector"/> is <see langword="default"/>, or the <see cref="IpcClientOptions.Identity"/> does not fit into a frame.
    /// </exception>
    public IpcClient(IpcConnector connector, IpcClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(connector);
        IpcEndpoint endpoint = connector.Endpoint;
        IpcEndpoint.ThrowIfDefault(endpoint, nameof(connector));
        IpcClientOptions copy = Copy(options);
        _session = new ClientSession(new GuardedConnector(connector, endpoint, copy.Log), copy);
    }

    /// <summary>Gets the endpoint at which the host listens.</summary>
    public IpcEndpoint Endpoint => _session.Endpoint;

    /// <summary>
    /// Gets the evaluator that runs the slots of the signals of the client and its proxies. An evaluator that the client created ends with it, after
    /// its proxies have been notified; one from <see cref="IpcClientOptions.Evaluator"/> does not.
    /// </summary>
    public ConnectionEvaluator Evaluator => _session.Evaluator;

    /// <summary>Gets a value that indicates whether the client is connected.</summary>
    public bool IsConnected => _session.IsConnected;

    /// <summary>Gets the signal that is raised when a connection has been made, before the signals of the proxies.</summary>
    public ISignal Connected => _session.Connected;

    /// <summary>Gets the signal that is raised with the reason each time an attempt to connect has failed.</summary>
    public ISignal<DisconnectReason> ConnectFailed => _session.ConnectFailed;

    /// <summary>Gets the signal that is raised with the reason when the connection has been lost, after the signals of the proxies.</summary>
    public ISignal<DisconnectReason> Disconnected => _session.Disconnected;

    /// <summary>Gets the number of calls that wait for a reply.</summary>
    public int PendingCalls => _session.PendingCalls;

    /// <summary>Returns a description of each call that has not ended, oldest first: a snapshot for diagnosis.</summary>
    /// <returns>The calls. Empty without a connection.</returns>
    public IReadOnlyList<PendingCallInfo> GetPendingCalls() => _session.GetPendingCalls();

    /// <summary>
    /// Begins to connect, unless the client is connected or connecting. A client that waits to retry tries at once. The signals report the result.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    public void Connect() => _session.Connect();

    /// <summary>Begins to connect and waits for the connection.</summary>
    /// <param name="cancellationToken">A token that ends the wait. The client continues to connect.</param>
    /// <returns>A task that completes when the client is connected. With <see cref="IpcClientOptions.Retry"/>, it waits without a time limit.</returns>
    /// <exception cref="IpcException">The attempt failed. The message states the reason and a remedy.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed, before the call or during the wait.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default) => _session.ConnectAsync(cancellationToken);

    /// <summary>
    /// Binds a proxy to its service: at once if the client is connected; otherwise, when it connects, in the order of these calls. The proxy's
    /// signals report the result. With <see cref="IpcClientOptions.Retry"/> or <see cref="IpcClientOptions.Reconnect"/>, a proxy whose service the host
    /// does not expose is told once for each connection, and is bound when the host exposes the service.
    /// </summary>
    /// <param name="proxy">
    /// The proxy. The client keeps it until the proxy is disposed, or a disconnection after which the client does not reconnect.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="proxy"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The proxy already belongs to a client.</exception>
    /// <exception cref="ObjectDisposedException">The client or the proxy has been disposed.</exception>
    /// <exception cref="IpcException">The name of the service does not fit into a frame.</exception>
    public void Bind(ServiceProxy proxy) => _session.Bind(proxy);

    /// <summary>Binds a proxy like <see cref="Bind"/> and waits until it is bound.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="cancellationToken">A token that ends the wait. The client keeps the proxy.</param>
    /// <returns>
    /// A task that completes when calls can be made. If the client is neither connected nor connecting, it waits for <see cref="Connect"/>, which the log
    /// says after a second. With <see cref="IpcClientOptions.Retry"/> or <see cref="IpcClientOptions.Reconnect"/>, it waits for a host that exposes the
    /// service.
    /// </returns>
    /// <exception cref="IpcDisconnectedException">
    /// The service was refused (without these options), the connection failed, or the host did not reply within <see cref="IpcClientOptions.CallTimeout"/>
    /// (<see cref="IpcClientOptions.ConnectTimeout"/> if that is infinite).
    /// </exception>
    /// <exception cref="ArgumentNullException"><paramref name="proxy"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The proxy already belongs to a client.</exception>
    /// <exception cref="ObjectDisposedException">The client or the proxy has been disposed.</exception>
    /// <exception cref="IpcException">The name of the service does not fit into a frame.</exception>
    public Task BindAsync(ServiceProxy proxy, CancellationToken cancellationToken = default) => _session.BindAsync(proxy, cancellationToken);

    /// <summary>
    /// Ends the connection. Pending calls fail and the <see cref="ServiceProxy.Disconnected"/> signals of the proxies are raised, as when the
    /// connection is lost. The signals of the client itself are no longer raised.
    /// </summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        _session.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Returns a text with the endpoint and the state of the client.</summary>
    /// <returns>A text for logs and debuggers.</returns>
    public override string ToString() => _session.ToString();

    /// <summary>Gets the state of the client, for tests.</summary>
    internal ClientSession Session => _session;

    private static IpcClientOptions Copy(IpcClientOptions? options)
    {
        IpcClientOptions copy = options?.Copy() ?? new IpcClientOptions();
        if (copy.Identity is { } identity && identity.ToFrame().CalculateSize() > copy.MaxFrameSize)
        {
            throw new ArgumentException(
                $"The {nameof(IpcClientOptions.Identity)} does not fit into a frame of {copy.MaxFrameSize} bytes. Shorten it, or raise {nameof(IpcClientOptions.MaxFrameSize)}.",
                nameof(options)
            );
        }

        return copy;
    }
}
