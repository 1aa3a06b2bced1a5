using System.Diagnostics;
using Signals.Ipc.Connections;
using Signals.Ipc.Exchange;
using Signals.Ipc.Framing;
using Signals.Ipc.Guards;
using Signals.Ipc.Services;
using Signals.Ipc.Threading;
using Signals.Ipc.Transport;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Client;

/// <summary>
/// One connection of a client, with its bindings, its pending calls and its request ids. The next connection is another object, so late
/// events of this one cannot affect it.
/// </summary>
internal sealed class ClientConnection : IpcConnection
{
    /// <summary>Time after which a connection counts as useful, even if no call has succeeded.</summary>
    private static readonly TimeSpan UsefulTime = TimeSpan.FromSeconds(10);

    /// <summary>The connections of all clients of this process.</summary>
    private static readonly SpinGroup Group = new();

    private readonly ClientSession _client;
    private readonly ControlChannel _control;
    private readonly ClientBindings _bindings;

    /// <summary>The time at which the connection was made, in ticks of the client's time.</summary>
    private long _connectedAt;

    /// <summary>A value that indicates whether a call has succeeded. Written by the receive loop.</summary>
    private volatile bool _hasSucceeded;

    /// <summary>Guards everything below.</summary>
    private readonly Lock _lock = new();

    /// <summary>A value that indicates whether the attempt to connect has ended, or the connection.</summary>
    private bool _isAttemptOver;

    /// <summary>The timer of the time limit for connecting, or null if there is no limit or the attempt has ended.</summary>
    private ITimer? _connectTimer;

    internal ClientConnection(ClientSession client, IpcClientOptions options, bool willRetry = false)
        : base(options.ToSettings(willRetry), Group)
    {
        _client = client;
        Options = options;
        _control = new ControlChannel(this);
        _bindings = new ClientBindings(this, client, _control);
        Calls = new ClientCalls(this, _control);
        FullStreams = new FullStreams(this);
        Exchange = new ClientExchange(this, client.Imports, client.Exports);
    }

    internal IpcClientOptions Options { get; }

    internal ClientCalls Calls { get; }

    internal FullStreams FullStreams { get; }

    /// <summary>Gets the remote signals.</summary>
    internal ClientExchange Exchange { get; }

    /// <summary>Gets a value that indicates whether a frame has been received.</summary>
    internal bool HasReceived { get; private set; }

    /// <summary>
    /// Gets a value that indicates whether the connection was useful: a call succeeded on it, or it lasted for <see cref="UsefulTime"/>. The client
    /// reconnects at once after a useful connection, but not to a host that closes each connection.
    /// </summary>
    internal bool WasUseful => _hasSucceeded || Options.Time.GetElapsedTime(_connectedAt) >= UsefulTime;

    /// <summary>Gets true: the replies that the host sent before it disconnected are delivered to the callers.</summary>
    protected override bool DrainsAfterHangup => true;

    /// <inheritdoc/>
    protected override bool AcceptsLimited(int heldBack) => Calls.AcceptsLimited(heldBack);

    /// <summary>Begins to connect and starts the time limit.</summary>
    internal void Begin(IpcConnector connector)
    {
        if (Options.ConnectTimeout != Timeout.InfiniteTimeSpan)
        {
            ITimer timer = Options.Time.CreateTimer(
                static state => ((ClientConnection)state!).OnConnectTimeout(),
                this,
                Options.ConnectTimeout,
                Timeout.InfiniteTimeSpan
            );
            bool isOver;
            lock (_lock)
            {
                AssertInvariants();
                isOver = _isAttemptOver;
                _connectTimer = isOver ? null : timer;
            }

            if (isOver)
            {
                timer.Dispose();
            }
        }

        Connect(connector);
    }

    /// <summary>Ends the time limit for connecting. Called when the attempt has ended.</summary>
    internal void EndConnecting()
    {
        StopConnectTimer();
        _connectedAt = Options.Time.GetTimestamp();
    }

    /// <summary>Sends the claimed identity of the client to the host, if the options ask for it.</summary>
    internal void SendIdentity(IpcEndpoint endpoint)
    {
        if (Options.Identity is { } identity && (endpoint.IsTcp || identity.SendOverUnixSockets))
        {
            Sender.Send(identity.ToFrame(), SendTiming.Soon);
        }
    }

    /// <inheritdoc cref="ClientBindings.Bind"/>
    internal void Bind(ServiceProxy proxy) => _bindings.Bind(proxy);

    /// <inheritdoc/>
    internal override bool TryPing(TimeSpan interval) => _control.TryPing(interval);

    /// <summary>Handles the report of the host that it has exposed services.</summary>
    /// <param name="names">The names of the services, or null for any.</param>
    internal void OnExposed(ICollection<string>? names) => _client.OnExposed(this, names);

    /// <summary>Logs that the host does not learn that a call is canceled.</summary>
    internal void LogCancellationNotTold(ServiceMethod method) => ClientLog.CancellationNotTold(Log, method.FullName);

    /// <summary>Removes a proxy and fails its calls.</summary>
    internal void Unbind(ServiceProxy proxy, ServiceBinding? binding, DisconnectReason reason)
    {
        _bindings.Remove(proxy);
        Calls.FailCallsOf(binding, reason);
    }

    /// <summary>
    /// Fails all pending calls and those that are made later. The transport must be closed already, so that bytes that have not been sent never are.
    /// </summary>
    internal void FailCalls(DisconnectReason reason)
    {
        StopConnectTimer();
        _bindings.End();
        Calls.End(reason);
    }

    /// <inheritdoc/>
    protected override void OnFrame(in Frame frame)
    {
        HasReceived = true;
        switch (frame.Kind)
        {
            case FrameKind.InvokeMethodReply:
                OnReply(frame.RequestId, frame.Reply);
                break;
            case FrameKind.BindServiceReply:
                OnBindReply(frame.RequestId, frame.Message!.MsgBindServiceReply);
                break;
            case FrameKind.RequestError:
                OnRequestError(frame.RequestId, frame.Message!.MsgRequestError.Error);
                break;
        }
    }

    /// <inheritdoc/>
    internal override void OnSent() => Exchange.OnSent();

    /// <inheritdoc/>
    protected override DisconnectReason Explain(DisconnectReason reason) =>
        _control.IsHostStopping && reason.Cause is DisconnectCause.ClosedByPeer or DisconnectCause.ConnectionLost
            ? new DisconnectReason(DisconnectCause.HostStopping, "The host was stopped.", reason.Exception)
            : reason;

    /// <inheritdoc/>
    protected override void OnClosed(DisconnectReason reason, IReadOnlyList<IQueuedFrame> unsent)
    {
        // The order ensures that the code that awaits a failed call finds the client disconnected, and that user code that
        // blocks does not delay the failure of other calls.
        _client.OnLost(this, reason);
        Exchange.OnClosed();
        FailCalls(reason);
        foreach (IQueuedFrame frame in unsent)
        {
            frame.OnFailed(new IpcDisconnectedException(reason, requestMayHaveBeenSent: false));
        }

        _client.AfterLost();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_isAttemptOver || _connectTimer is null, "Only an attempt to connect has a time limit.");
    }

    private void OnReply(ulong requestId, in InvokeMethodReplyBody reply)
    {
        if (!Calls.TryTake(requestId, isLast: !reply.HasMore || !reply.Success, out IPendingCall? call))
        {
            if (!_control.TryHandle(requestId, reply))
            {
                Exchange.TryHandle(requestId, reply);
            }

            return;
        }

        if (reply.Success && !_hasSucceeded)
        {
            _hasSucceeded = true;
        }

        try
        {
            call.OnReply(reply);
        }
        catch (Exception exception)
        {
            // For instance, because memory is exhausted. The other calls of the connection must not be affected.
            call.OnFailed(new IpcCallException($"The reply to {call.Method.FullName} could not be processed.", exception));
        }
    }

    private void OnBindReply(ulong requestId, IPCFrame.Types.BindServiceReply reply)
    {
        if (_control.TryHandle(requestId, reply))
        {
            return;
        }

        if (!Exchange.TryHandle(requestId, reply))
        {
            _bindings.OnReply(requestId, reply);
        }
        else if (reply.Control)
        {
            _control.OnAnnounced();
        }
    }

    private void OnRequestError(ulong requestId, string error)
    {
        error = PeerText.Clean(error);
        if (Calls.TryTake(requestId, isLast: true, out IPendingCall? call))
        {
            call.Fail(new IpcCallException($"The host replied to the call with an error: {error}"));
        }

        _bindings.Refuse(requestId, error);
    }

    private void StopConnectTimer()
    {
        ITimer? timer;
        lock (_lock)
        {
            AssertInvariants();
            _isAttemptOver = true;
            timer = _connectTimer;
            _connectTimer = null;
        }

        timer?.Dispose();
    }

    private void OnConnectTimeout()
    {
        EndConnecting();
        _client.OnConnectTimeout(this);
    }
}
