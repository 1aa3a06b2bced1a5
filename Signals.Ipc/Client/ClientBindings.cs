using System.Diagnostics;
using Signals.Ipc.Connections;
using Signals.Ipc.Services;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Client;

/// <summary>The proxies that are bound on a connection of a client, and those whose services have been requested from the host.</summary>
/// <param name="connection">The connection.</param>
/// <param name="client">The client, which is told the outcome of each request.</param>
/// <param name="control">The channel to the host, which a reply announces.</param>
internal sealed class ClientBindings(ClientConnection connection, ClientSession client, ControlChannel control)
{
    private readonly IpcClientOptions _options = connection.Options;

    /// <summary>Guards everything below. It is taken inside the sender's lock, so the sender is never called inside this one.</summary>
    private readonly Lock _lock = new();

    /// <summary>The requests without a reply, by their request ids.</summary>
    private readonly Dictionary<ulong, PendingBinding> _pending = [];

    /// <summary>The bound proxies by the ids of their services.</summary>
    private readonly Dictionary<uint, ServiceProxy> _bound = [];

    /// <summary>A value that indicates whether the connection has ended, so that nothing is added.</summary>
    private bool _hasEnded;

    /// <summary>Requests a proxy's service from the host, unless the proxy has been detached from the client in the meantime.</summary>
    internal void Bind(ServiceProxy proxy)
    {
        var binding = new PendingBinding(proxy);
        connection.Sender.Send(RequestFrame.OfBinding(connection, proxy.Methods.ServiceName, id => Add(id, binding)), SendTiming.Now);
        WatchTimeout(binding);
    }

    /// <summary>
    /// Adds a pending binding, unless its proxy has been detached from the client in the meantime; its reply is then ignored. Called inside the
    /// sender's lock, so that the reply cannot come earlier.
    /// </summary>
    internal void Add(ulong requestId, PendingBinding binding)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (!_hasEnded && binding.Proxy.IsAttachedTo(client))
            {
                binding.RequestId = requestId;
                _pending.Add(requestId, binding);
            }
        }
    }

    /// <summary>Removes a proxy, whether it is bound or not.</summary>
    internal void Remove(ServiceProxy proxy)
    {
        List<PendingBinding> removed = [];
        lock (_lock)
        {
            AssertInvariants();
            foreach ((ulong requestId, PendingBinding other) in _pending)
            {
                if (other.Proxy == proxy)
                {
                    _pending.Remove(requestId);
                    removed.Add(other);
                }
            }

            // Applies even if the proxy has not received its binding yet.
            foreach ((uint serviceId, ServiceProxy other) in _bound)
            {
                if (other == proxy)
                {
                    _bound.Remove(serviceId);
                }
            }
        }

        removed.ForEach(static pending => pending.Timer?.Dispose());
    }

    /// <summary>Removes everything, for good.</summary>
    internal void End()
    {
        ITimer?[] timers;
        lock (_lock)
        {
            AssertInvariants();
            _hasEnded = true;
            timers = [.. _pending.Values.Select(static binding => binding.Timer)];
            _pending.Clear();
            _bound.Clear();
        }

        Array.ForEach(timers, static timer => timer?.Dispose());
    }

    /// <summary>Handles the reply to a request. One that was not expected is ignored.</summary>
    internal void OnReply(ulong requestId, IPCFrame.Types.BindServiceReply reply)
    {
        ServiceProxy proxy;
        PendingBinding? pending;
        DisconnectReason? refusal = null;
        lock (_lock)
        {
            AssertInvariants();
            if (!_pending.Remove(requestId, out pending))
            {
                return;
            }

            proxy = pending.Proxy;
            if (!reply.Success)
            {
                refusal = new DisconnectReason(DisconnectCause.Refused, $"The host does not expose service {proxy.Methods.ServiceName}.");
            }
            else if (!_bound.TryAdd(reply.ServiceId, proxy))
            {
                refusal = AlreadyBound(_bound[reply.ServiceId].Methods.ServiceName, proxy.Methods.ServiceName);
            }
        }

        pending.Timer?.Dispose();
        if (reply.Control)
        {
            control.OnAnnounced();
        }

        if (refusal is null)
        {
            client.OnBound(connection, proxy, new ServiceBinding(connection, reply.ServiceId, MethodIds(proxy.Methods, reply)));
        }
        else
        {
            client.OnRefused(connection, proxy, refusal);
        }
    }

    /// <summary>Handles an error that the host has sent for a request. One that was not expected is ignored.</summary>
    internal void Refuse(ulong requestId, string error)
    {
        PendingBinding? pending;
        lock (_lock)
        {
            AssertInvariants();
            if (!_pending.Remove(requestId, out pending))
            {
                return;
            }
        }

        pending.Timer?.Dispose();
        var refusal = new DisconnectReason(DisconnectCause.Refused, $"The host replied to the request for a service with an error: {error}");
        client.OnRefused(connection, pending.Proxy, refusal);
    }

    private static DisconnectReason AlreadyBound(string other, string name) =>
        new(
            DisconnectCause.AlreadyBound,
            other == name
                ? $"Another proxy of this client is already bound to service {name}."
                : $"The host assigned the same id to services {other} and {name}. Another proxy of this client is already bound to {other}."
        );

    private static uint[] MethodIds(MethodTable methods, IPCFrame.Types.BindServiceReply reply)
    {
        uint[] ids = new uint[methods.Methods.Count];
        foreach (IPCFrame.Types.BindServiceReply.Types.MethodInfo info in reply.Methods)
        {
            if (methods.Find(info.Name) is { } method)
            {
                ids[method.Index] = info.Id;
            }
        }

        return ids;
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_hasEnded || (_pending.Count == 0 && _bound.Count == 0), "A connection that has ended holds nothing.");
        Debug.Assert(!_pending.ContainsKey(0), "Request ids begin with one.");
    }

    /// <summary>Starts the time limit for the reply to a request.</summary>
    private void WatchTimeout(PendingBinding binding)
    {
        if (_options.BindTimeout == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        ITimer timer = _options.Time.CreateTimer(_ => OnTimeout(binding.RequestId), null, _options.BindTimeout, _options.BindTimeout);
        bool isPending;
        lock (_lock)
        {
            AssertInvariants();
            isPending = _pending.ContainsKey(binding.RequestId);
            binding.Timer = isPending ? timer : null;
        }

        if (!isPending)
        {
            timer.Dispose();
        }
    }

    private void OnTimeout(ulong requestId)
    {
        if (connection.IsReadingPaused)
        {
            // The reply may be among the bytes that are not read while receiving is paused, so the time limit starts again.
            return;
        }

        PendingBinding? binding;
        lock (_lock)
        {
            AssertInvariants();
            if (!_pending.Remove(requestId, out binding))
            {
                return;
            }
        }

        binding.Timer?.Dispose();
        string message = $"The host did not reply to the request for service {binding.Proxy.Methods.ServiceName} within {_options.BindTimeout}.";
        var reason = new DisconnectReason(DisconnectCause.BindTimeout, message, new TimeoutException(message));
        if (connection.HasReceived)
        {
            client.OnRefused(connection, binding.Proxy, reason);
        }
        else
        {
            // The host does not respond, and nothing else depends on the connection. Another connection may succeed.
            connection.Close(reason);
        }
    }
}
