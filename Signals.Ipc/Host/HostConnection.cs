using Signals.Ipc.Connections;
using Signals.Ipc.Exchange;
using Signals.Ipc.Framing;
using Signals.Ipc.Guards;
using Signals.Ipc.Services;
using Signals.Ipc.Telemetry;
using Signals.Ipc.Threading;
using Signals.Ipc.Wire;
using Signals.Remote;

namespace Signals.Ipc.Host;

/// <summary>A client's connection to a host: reads its requests, passes them to the services and sends the replies.</summary>
internal sealed class HostConnection : IpcConnection, IServiceCaller
{
    /// <summary>The reason for which a stopping host refuses calls.</summary>
    internal const string Stopping = "The host is stopping.";

    /// <summary>The maximum number of bytes that the text of a status takes in a frame besides itself: its tag and length, and longer lengths around it.</summary>
    private const int StatusMessageOverhead = 16;

    /// <summary>The connections of all clients of the hosts of this process.</summary>
    private static readonly SpinGroup Group = new();

    private readonly IpcHostOptions _options;
    private readonly ServiceTable _services;

    /// <summary>Indicates whether an identity that the client claims is accepted. If not, the transport knows it.</summary>
    private readonly bool _acceptsClaimedIdentity;

    private readonly CancellationToken _hostStopping;

    private readonly CallCounts _counts;
    private readonly ReadingLimits _limits;
    private readonly HostControl _control;
    private readonly CallDispatcher _calls;

    /// <summary>The remote signals of the client, or null before it has bound their service. Written by the receive loop.</summary>
    private volatile HostExchange? _exchange;

    private ClientImports? _imports;
    private ClientInfo _client;
    private bool _hasClaimedIdentity;

    internal HostConnection(
        ClientInfo client,
        bool acceptsClaimedIdentity,
        ServiceTable services,
        RequestBudget budget,
        IpcHostOptions options,
        IpcConnectionSettings settings,
        CancellationToken hostStopping
    )
        : base(settings, Group, $"Client {client.Id}")
    {
        _hostStopping = hostStopping;
        _client = client;
        _acceptsClaimedIdentity = acceptsClaimedIdentity;
        _services = services;
        _options = options;
        _counts = new CallCounts(Sender);
        _limits = new ReadingLimits(this, _counts, budget, options);
        _control = new HostControl(this, _counts);
        _calls = new CallDispatcher(this, services, options, _counts, _limits);
    }

    /// <inheritdoc/>
    public ServerAddress? Server { get; init; }

    /// <summary>Gets the signals that the client can import, or null if there are none.</summary>
    internal RemoteExports? Exports { get; init; }

    /// <summary>Gets the imports from all clients.</summary>
    internal RemoteImports? MergedImports { get; init; }

    /// <summary>Gets a value that indicates whether the host describes itself to the client.</summary>
    internal bool DescribesItself { get; init; }

    /// <summary>Gets all clients of the host, or null if the connection has no host.</summary>
    internal HostClients? Clients { get; init; }

    /// <summary>Gets the services of the host.</summary>
    internal ServiceTable Services => _services;

    /// <summary>Gets the evaluator of imports.</summary>
    internal ConnectionEvaluator? Evaluator { get; init; }

    /// <summary>Gets the signals that the client exports.</summary>
    internal ClientImports Imports
    {
        get
        {
            if (Volatile.Read(ref _imports) is { } known)
            {
                return known;
            }

            var made = new ClientImports(this, Evaluator!, MergedImports!, _options);
            return Interlocked.CompareExchange(ref _imports, made, null) ?? made;
        }
    }

    /// <summary>Gets the identity of the client, as far as it is known.</summary>
    internal ClientInfo Client => Volatile.Read(ref _client);

    /// <summary>Gets the number of active calls, from the first instruction of their methods to their last reply. Never too low.</summary>
    internal int ActiveCalls => _counts.Active;

    /// <summary>Gets the part of the client in the sums of its endpoint.</summary>
    internal EndpointCounts Counts =>
        new()
        {
            Connections = 1,
            ActiveCalls = ActiveCalls,
            PausedClients = IsReadingPaused ? 1 : 0,
            UnsentBytes = Sender.UnsentBytes,
            DroppedFrames = DroppedFrameCount,
        };

    /// <inheritdoc cref="HeldCalls.GetMethods"/>
    internal string[] GetHeldMethods() => _calls.GetHeldMethods();

    /// <summary>Gets a value that indicates whether the client has bound the control service, so that it knows the extensions.</summary>
    internal bool HasControl => _control.IsBound;

    /// <summary>Gets a value that indicates whether the disconnection of the client is detected while reading is paused.</summary>
    internal bool DetectsHangup => CanDetectHangup;

    /// <inheritdoc/>
    public CallerState State => _limits.State;

    /// <inheritdoc/>
    public int MaxFrameSize => _options.MaxFrameSize;

    /// <inheritdoc/>
    public TimeProvider Time => _options.Time;

    /// <inheritdoc/>
    public CancellationToken HostStopping => _hostStopping;

    /// <inheritdoc/>
    public bool IncludesExceptionDetails => _options.IncludeExceptionDetails;

    /// <inheritdoc cref="CallCounts.CountIdleStep"/>
    internal int CountIdleStep() => _counts.CountIdleStep();

    /// <summary>
    /// Refuses further calls. Completes when the active ones have ended and their replies have been sent, or the client has disconnected.
    /// </summary>
    internal Task DrainAsync() => _counts.DrainAsync(_control.TellStopping);

    /// <inheritdoc cref="HostControl.TellExposed"/>
    internal void TellExposed(byte[] exposedEvent) => _control.TellExposed(exposedEvent);

    /// <inheritdoc/>
    internal override bool TryPing(TimeSpan interval) => _control.TryPing(interval);

    /// <inheritdoc cref="ReadingLimits.ResumeIfPossible"/>
    internal void ResumeIfPossible() => _limits.ResumeIfPossible();

    /// <summary>Logs that reading has been paused, because a limit is reached.</summary>
    internal void LogPaused(string limit) => HostLog.ReadingPaused(Log, _client.Id, limit);

    /// <summary>Sends an empty frame, which shows whether the client is connected. Bytes that wait to be sent do so by themselves.</summary>
    internal void Probe()
    {
        if (Sender.UnsentBytes == 0)
        {
            Sender.Send(new EmptyFrame(), SendTiming.Now);
        }
    }

    /// <inheritdoc cref="CallDispatcher.Cancel"/>
    internal void CancelCall(ulong requestId) => _calls.Cancel(requestId);

    /// <summary>Logs a request that is refused.</summary>
    internal void LogRefused(ulong requestId, string reason) => HostLog.RequestRefused(Log, _client.Id, requestId, reason);

    /// <inheritdoc/>
    public void Reply(CallContext context, bool hasMore, ReadOnlySpan<byte> reply)
    {
        if (!hasMore)
        {
            _calls.BeginLastReply(context);
        }

        Sender.Send(new InvokeMethodReplyFrame(context.RequestId, success: true, hasMore, reply), TimingOf(hasMore));
    }

    /// <inheritdoc/>
    public void End(CallContext context)
    {
        _calls.BeginLastReply(context);
        Sender.Send(new InvokeMethodReplyFrame(context.RequestId, success: true), TimingOf(hasMore: false));
    }

    /// <inheritdoc/>
    public void Fail(CallContext context, CallStatus status)
    {
        _calls.BeginLastReply(context);
        Fail(context.RequestId, status);
    }

    /// <summary>Sends the failure of a request that has not become a call, or discards it if the client has disconnected. Never waits.</summary>
    internal void Fail(ulong requestId, CallStatus status)
    {
        if (!HasControl)
        {
            Sender.Send(new InvokeMethodReplyFrame(requestId, success: false), TimingOf(hasMore: false));
            return;
        }

        var frame = new InvokeMethodReplyFrame(requestId, success: false) { StatusCode = (uint)status.Code };
        byte[] message = status.EncodeMessage(room: MaxFrameSize - frame.CalculateSize() - StatusMessageOverhead);
        Sender.Send(
            new InvokeMethodReplyFrame(requestId, success: false) { StatusCode = (uint)status.Code, StatusMessage = message },
            TimingOf(hasMore: false)
        );
    }

    /// <summary>Gets a value that indicates whether this thread runs the receive loop.</summary>
    internal bool IsOnReadingThread => IsReadingThread;

    UserCodeSection IServiceCaller.EnterUserCode() => EnterUserCode();

    /// <inheritdoc/>
    public ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken) => _limits.WaitForRoomAsync(cancellationToken);

    /// <inheritdoc/>
    public void HoldRequest(long bytes) => _limits.HoldRequest(bytes);

    /// <inheritdoc/>
    public void ReleaseRequest(long bytes) => _limits.ReleaseRequest(bytes);

    /// <inheritdoc/>
    public void BeginCall(CallContext context) => _calls.BeginCall(context);

    /// <inheritdoc/>
    public void Hold(CallContext context) => _calls.Hold(context);

    /// <inheritdoc/>
    public void EndCall(CallContext context) => _calls.EndCall(context);

    /// <inheritdoc/>
    public void ReportCancellationFailure(Exception exception) => HostLog.CancellationThrew(Log, exception, _client.Id);

    /// <inheritdoc/>
    public void ReportFailure(ServiceMethod method, Exception reason)
    {
        if (reason is IpcStatusException status)
        {
            HostLog.CallFailedWithStatus(Log, reason, _client.Id, method.FullName, status.StatusCode);
        }
        else
        {
            HostLog.CallFailed(Log, reason, _client.Id, method.FullName);
        }
    }

    internal override void OnSent()
    {
        _exchange?.OnSent();
        _limits.AnnounceRoom();
        _limits.ResumeIfPossible();
        _counts.CompleteDrained();
    }

    protected override void OnFrame(in Frame frame)
    {
        if (HasControl && frame.Kind == FrameKind.InvokeMethod && frame.Invoke.ServiceId == ControlService.Id)
        {
            _control.Invoke(frame.RequestId, frame.Invoke);
            if (_limits.IsFull)
            {
                _limits.Pause();
            }

            return;
        }

        if (_exchange is { } exchange && frame.Kind == FrameKind.InvokeMethod && frame.Invoke.ServiceId == ExchangeService.Id)
        {
            // Not a call: if it blocks, no other one waits for it.
            _calls.BeginOther();
            exchange.Handle(frame.RequestId, frame.Invoke);
            if (_limits.IsFull)
            {
                _limits.Pause();
            }

            return;
        }

        _counts.MarkActive();
        switch (frame.Kind)
        {
            case FrameKind.InvokeMethod:
                _calls.Invoke(frame.RequestId, frame.Invoke);
                break;
            case FrameKind.BindService:
                Bind(frame.RequestId, frame.Message!.MsgBindService.ServiceName);
                break;
            case FrameKind.SetPeerIdentity:
                AcceptIdentity(frame.Message!.SetPeerIdentity);
                break;
            default:
                Send(
                    new IPCFrame
                    {
                        RequestId = frame.RequestId,
                        MsgRequestError = new IPCFrame.Types.RequestError { Error = "unknown request" },
                    }
                );
                LogRefused(frame.RequestId, "The frame is not a request.");
                break;
        }

        if (_limits.MustPause)
        {
            _limits.Pause();
        }
    }

    protected override void OnRelieved() => _calls.OnRelieved();

    protected override void OnClosing() => _calls.OnClosing();

    /// <summary>Completes when the calls that the client made before it closed the connection have been started.</summary>
    protected override Task WhenHandledAsync() => _calls.WhenStartedAsync();

    protected override void OnClosed(DisconnectReason reason, IReadOnlyList<IQueuedFrame> unsent)
    {
        _limits.End();
        _exchange?.Close();
        Volatile.Read(ref _imports)?.Close();
        _counts.EndDraining();
        _calls.CancelAll();
    }

    /// <summary>
    /// Returns when to send a reply: one of many is sent together with the others, one that the client waits for alone is sent now.
    /// </summary>
    private SendTiming TimingOf(bool hasMore) => hasMore || _counts.Unended > 1 ? SendTiming.Soon : SendTiming.Now;

    private void Send(IPCFrame frame) => Sender.Send(new MessageFrame(frame), SendTiming.Now);

    private void Bind(ulong requestId, string serviceName)
    {
        if (serviceName == ControlService.Name)
        {
            _control.OnBinding();
            Send(
                new IPCFrame { RequestId = requestId, MsgBindServiceReply = ControlService.CreateBindReply(_options.MaxConcurrentCalls, DescribesItself) }
            );
            return;
        }

        if (serviceName == ExchangeService.Name && Exports is { } exports)
        {
            _exchange ??= new HostExchange(this, exports, Imports, _options);
            Send(new IPCFrame { RequestId = requestId, MsgBindServiceReply = ExchangeService.CreateBindReply() });
            return;
        }

        string refusal = $"There is no service {PeerText.Clean(serviceName)}.";
        if (_services.TryFind(serviceName, out ExposedService? service))
        {
            try
            {
                Send(new IPCFrame { RequestId = requestId, MsgBindServiceReply = service.BindReply });
                return;
            }
            catch (IpcException exception)
            {
                // The names of the methods do not fit into a frame.
                refusal = exception.Message;
            }
        }

        LogRefused(requestId, refusal);
        Send(
            new IPCFrame
            {
                RequestId = requestId,
                MsgBindServiceReply = new IPCFrame.Types.BindServiceReply { Success = false, Control = true },
            }
        );
    }

    /// <summary>Accepts the identity that the client claims, once, if the kernel does not know it.</summary>
    private void AcceptIdentity(IPCFrame.Types.SetPeerIdentity identity)
    {
        if (!_acceptsClaimedIdentity || _hasClaimedIdentity)
        {
            HostLog.IdentityIgnored(Log, _client.Id);
            return;
        }

        _hasClaimedIdentity = true;
        Volatile.Write(
            ref _client,
            _client with
            {
                ProcessId = identity.HasPid ? identity.Pid : null,
                UserId = identity.HasUid ? (uint)identity.Uid : null,
                MachineName = identity.HasMachineName ? PeerText.Clean(identity.MachineName) : null,
            }
        );
        _calls.ForgetMethods();
    }
}
