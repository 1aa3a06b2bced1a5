using System.Diagnostics;
using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Client;

/// <summary>
/// The client's side of the built-in service of a host that has announced it: tells the host which calls are canceled, hears that it is stopping or exposes
/// a service, and replies to its pings. See signals_control.proto.
/// </summary>
internal sealed class ControlChannel(ClientConnection connection)
{
    private const string ServiceName = "SignalsControl";

    /// <summary>The maximum number of canceled calls that are remembered for a host that does not reply to the binding.</summary>
    private const int MaxUntold = 4096;

    /// <summary>
    /// The maximum number of active calls until the host has reported its limit, which takes one round trip: rather few, since a host that reads no further
    /// calls reads no cancellations.
    /// </summary>
    private const uint CallsBeforeLimit = 64;

    /// <summary>Guards everything below. The sender's lock is never taken inside it.</summary>
    private readonly Lock _lock = new();

    /// <summary>The calls that were canceled before the service was bound.</summary>
    private readonly List<ulong> _untold = [];

    private State _state;
    private uint _serviceId;
    private uint _cancelId;

    /// <summary>The ids of the methods by which both sides show that they are alive. Zero if the host does not have them.</summary>
    private volatile uint _pingId;
    private volatile uint _pongId;

    /// <summary>The request id of the binding, or zero before it is written.</summary>
    private ulong _bindId;

    /// <summary>The request id of the call that watches the host, or zero before it is written.</summary>
    private ulong _watchId;

    private volatile bool _isAnnounced;
    private volatile bool _isHostStopping;

    private enum State
    {
        NotAnnounced,
        Binding,
        Bound,
        Refused,
    }

    /// <summary>Gets a value that indicates whether the host knows the extensions.</summary>
    internal bool IsAnnounced => _isAnnounced;

    /// <summary>Gets a value that indicates whether the host has reported that it is stopping.</summary>
    internal bool IsHostStopping => _isHostStopping;

    /// <summary>Binds the service, if this is the first announcement.</summary>
    internal void OnAnnounced()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_state != State.NotAnnounced)
            {
                return;
            }

            _state = State.Binding;
        }

        _isAnnounced = true;
        connection.Calls.Limit(CallsBeforeLimit);
        connection.Sender.Send(RequestFrame.OfBinding(connection, ServiceName, id => Volatile.Write(ref _bindId, id)), SendTiming.Soon);
    }

    /// <summary>Handles the reply to a binding, if it is that of this service.</summary>
    internal bool TryHandle(ulong requestId, IPCFrame.Types.BindServiceReply reply)
    {
        if (requestId == 0 || requestId != Volatile.Read(ref _bindId))
        {
            return false;
        }

        // Once: a host that repeats its reply must not make the client send more and more.
        Volatile.Write(ref _bindId, 0);
        uint watchId = IdOf(reply, "Watch");
        List<ulong> untold;
        lock (_lock)
        {
            AssertInvariants();
            _cancelId = IdOf(reply, "Cancel");
            _serviceId = reply.ServiceId;
            _state = reply.Success && _cancelId != 0 ? State.Bound : State.Refused;
            untold = [.. _untold];
            _untold.Clear();
        }

        connection.Calls.Limit(reply.Success ? reply.MaxConcurrentCalls : ClientCalls.NoLimit);
        if (reply.Success)
        {
            _pongId = IdOf(reply, "Pong");
            _pingId = IdOf(reply, "Ping");
            if (watchId != 0)
            {
                Call(watchId, new ControlEmpty(), dropReply: false, id => Volatile.Write(ref _watchId, id));

                // A service may have been exposed after the host refused it and before it sees that this client watches.
                connection.OnExposed(null);
            }

            connection.KeepAlive.Announce(interval => TryPing(interval));
        }

        untold.ForEach(Cancel);
        return true;
    }

    /// <summary>Handles the reply to a call, if it is an event of the host.</summary>
    internal bool TryHandle(ulong requestId, in InvokeMethodReplyBody reply)
    {
        if (requestId == 0 || requestId != Volatile.Read(ref _watchId))
        {
            return false;
        }

        try
        {
            if (reply.Success)
            {
                Handle(ControlEvent.Parser.ParseFrom(reply.Reply));
            }
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            // An event of a newer host.
        }

        return true;
    }

    /// <summary>Calls a method of the host that replies at once. Returns false if the host does not have it.</summary>
    internal bool TryPing(TimeSpan interval)
    {
        if (_pingId == 0)
        {
            return false;
        }

        Call(_pingId, new ControlPing { IntervalMs = KeepAlive.ToMilliseconds(interval) }, dropReply: false, static _ => { }, SendTiming.Now);
        return true;
    }

    private void Handle(ControlEvent hostEvent)
    {
        _isHostStopping |= hostEvent.Stopping;
        if (hostEvent.Exposed.Count != 0)
        {
            connection.OnExposed(hostEvent.Exposed);
        }

        if (hostEvent.Ping is not { } ping)
        {
            return;
        }

        connection.KeepAlive.OnAnnounced(ping.IntervalMs);

        // A host that sends pings and reads nothing must not make this client's memory grow. The unsent bytes are signs of life as well.
        if (_pongId != 0 && connection.Sender.UnsentBytes < connection.Options.MaxUnsentBytes)
        {
            Call(_pongId, new ControlEmpty(), dropReply: true, static _ => { });
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_state == State.Binding || _untold.Count == 0, "Cancellations are kept only while the service is being bound.");
        Debug.Assert(_untold.Count <= MaxUntold);
        Debug.Assert(_state == State.NotAnnounced || _state == State.Binding || _bindId == 0, "The reply to the binding is handled once.");
        Debug.Assert(_state != State.Bound || _cancelId != 0, "A service that is used can cancel calls.");
    }

    /// <summary>Tells the host that a call is canceled. Returns false if the host does not know cancellation.</summary>
    internal bool TryCancel(ulong requestId)
    {
        lock (_lock)
        {
            AssertInvariants();
            switch (_state)
            {
                case State.Binding:
                    if (_untold.Count < MaxUntold)
                    {
                        _untold.Add(requestId);
                    }

                    return true;
                case State.NotAnnounced or State.Refused:
                    return false;
            }
        }

        Cancel(requestId);
        return true;
    }

    private void Cancel(ulong requestId)
    {
        if (_state == State.Bound)
        {
            Call(_cancelId, new CancelRequest { RequestIds = { requestId } }, dropReply: true, static _ => { });
        }
    }

    private void Call(uint methodId, IMessage request, bool dropReply, Action<ulong> onWritten, SendTiming timing = SendTiming.Soon)
    {
        connection.Sender.Send(RequestFrame.OfCall(connection, _serviceId, methodId, request.ToByteString(), dropReply, onWritten), timing);
    }

    private static uint IdOf(IPCFrame.Types.BindServiceReply reply, string method) => reply.Methods.FirstOrDefault(info => info.Name == method)?.Id ?? 0;
}
