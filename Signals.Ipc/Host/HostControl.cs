using Signals.Ipc.Connections;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Host;

/// <summary>
/// The host's side of the control service of one client: carries out its calls, and tells the client what the host does. See signals_control.proto.
/// </summary>
/// <param name="connection">The connection of the client.</param>
/// <param name="calls">The counts of its calls, which know whether the host is stopping.</param>
internal sealed class HostControl(HostConnection connection, CallCounts calls)
{
    /// <summary>The request id under which the client watches the host's events, or zero.</summary>
    private ulong _watchId;

    /// <summary>One when a client that watches the host has been told that it is stopping.</summary>
    private int _isStoppingTold;

    /// <summary>A value that indicates whether the client has bound the control service, so that it knows the extensions.</summary>
    private volatile bool _isBound;

    /// <summary>A value that indicates whether the client has replied to a ping, so that its silence means that it hangs.</summary>
    private volatile bool _knowsPings;

    /// <summary>Gets a value that indicates whether the client has bound the control service, so that it knows the extensions.</summary>
    internal bool IsBound => _isBound;

    /// <summary>Handles the binding of the control service.</summary>
    internal void OnBinding() => _isBound = true;

    /// <summary>Carries out a call of the control service. An odd one is ignored.</summary>
    internal void Invoke(ulong requestId, in InvokeMethodBody invoke)
    {
        switch (invoke.MethodId)
        {
            case ControlService.Cancel:
                foreach (ulong cancelled in ControlService.ReadCancelled(invoke.Arguments))
                {
                    connection.CancelCall(cancelled);
                }

                break;
            case ControlService.Watch:
                Volatile.Write(ref _watchId, requestId);
                Interlocked.MemoryBarrier();
                if (calls.IsStopping)
                {
                    TellStopping();
                }

                connection.KeepAlive.Announce(interval => TryTell(ControlService.PingEvent(interval)));
                break;
            case ControlService.Pong:
                _knowsPings = true;
                break;
            case ControlService.Ping when !invoke.DropReply:
                connection.KeepAlive.OnAnnounced(ControlService.ReadInterval(invoke.Arguments));
                connection.Sender.Send(new InvokeMethodReplyFrame(requestId, success: true, hasMore: false, reply: default), SendTiming.Now);
                break;
            case ControlService.Describe when connection.DescribesItself && !invoke.DropReply:
                HostDescriber.Describe(connection, requestId, invoke.Arguments);
                break;
            case ControlService.Graph when connection.DescribesItself && !invoke.DropReply && HostGrapher.TrySend(connection, requestId):
                break;
            case ControlService.Status when connection is { DescribesItself: true, Clients: { } clients } && !invoke.DropReply:
                HostReporter.Report(connection, clients, requestId);
                break;
            default:
                if (!invoke.DropReply)
                {
                    connection.Fail(requestId, new CallStatus(IpcStatusCode.Unimplemented, "There is no such method."));
                }

                break;
        }
    }

    /// <summary>Sends a ping. Returns false if the client does not know pings.</summary>
    internal bool TryPing(TimeSpan interval) => _knowsPings && TryTell(ControlService.PingEvent(interval));

    /// <summary>Tells a client that watches the host that a service has been exposed.</summary>
    internal void TellExposed(byte[] exposedEvent)
    {
        // Pairs with Watch: either this thread sees that the client watches, or the client's next binding finds the service.
        Interlocked.MemoryBarrier();
        try
        {
            TryTell(exposedEvent);
        }
        catch (IpcException)
        {
            // The name does not fit into a frame, so no client can bind the service.
        }
    }

    /// <summary>Tells a client that watches the host that it is stopping, once.</summary>
    internal void TellStopping()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _watchId) != 0 && Interlocked.Exchange(ref _isStoppingTold, 1) == 0)
        {
            TryTell(ControlService.StoppingEvent);
        }
    }

    /// <summary>Sends an event to the client. Returns false if the client does not watch the host.</summary>
    private bool TryTell(ReadOnlySpan<byte> hostEvent)
    {
        ulong watchId = Volatile.Read(ref _watchId);
        if (watchId == 0)
        {
            return false;
        }

        connection.Sender.Send(new InvokeMethodReplyFrame(watchId, success: true, hasMore: true, hostEvent), SendTiming.Now);
        return true;
    }
}
