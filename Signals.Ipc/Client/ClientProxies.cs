namespace Signals.Ipc.Client;

/// <summary>
/// The proxies of a client that are bound or wait to be bound, in the order of the calls that added them. All members are called inside the client's lock.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="steps">The steps that run outside the lock.</param>
/// <param name="options">The options of the client.</param>
internal sealed class ClientProxies(ClientSession client, ClientSteps steps, IpcClientOptions options)
{
    private readonly List<ServiceProxy> _proxies = [];

    /// <summary>Gets a value that indicates whether there is no proxy.</summary>
    internal bool IsEmpty => _proxies.Count == 0;

    /// <summary>Gets a value that indicates whether no bound proxy waits for anything.</summary>
    internal bool IsConsistent => _proxies.TrueForAll(static proxy => !proxy.IsReady || (!proxy.Exposure.IsWaiting && !proxy.Exposure.IsRequested));

    /// <summary>Gets the service of a pending <see cref="IpcClient.BindAsync"/>, or null.</summary>
    internal string? AwaitedService => _proxies.Find(static proxy => proxy.BindWaiter is not null)?.Methods.ServiceName;

    /// <summary>Returns the source of a task that waits for a change of the client.</summary>
    internal static TaskCompletionSource NewWaiter()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // If the caller has canceled its wait, the signals report the failure, so the task's exception must not count as unobserved.
        waiter.Task.ContinueWith(
            static failed => failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        return waiter;
    }

    /// <summary>Takes the source of the task of a pending <see cref="IpcClient.BindAsync"/>.</summary>
    internal static TaskCompletionSource? TakeWaiter(ServiceProxy proxy)
    {
        TaskCompletionSource? waiter = proxy.BindWaiter;
        proxy.BindWaiter = null;
        return waiter;
    }

    /// <summary>Adds a proxy.</summary>
    internal void Add(ServiceProxy proxy) => _proxies.Add(proxy);

    /// <summary>Returns a value that indicates whether a proxy belongs to the client.</summary>
    internal bool Contains(ServiceProxy proxy) => IndexOf(proxy) >= 0;

    /// <summary>Removes a proxy. Returns false if it does not belong to the client.</summary>
    internal bool TryRemove(ServiceProxy proxy)
    {
        int index = IndexOf(proxy);
        if (index < 0)
        {
            return false;
        }

        _proxies.RemoveAt(index);
        return true;
    }

    /// <summary>Requests the service of a proxy from a host.</summary>
    internal void Bind(ServiceProxy proxy, ClientConnection connection)
    {
        proxy.Exposure.Begin();
        steps.AddSend(() => connection.Bind(proxy));
    }

    /// <summary>Requests the services of all proxies from a host.</summary>
    internal void BindAll(ClientConnection connection) => _proxies.ForEach(proxy => Bind(proxy, connection));

    /// <summary>Requests the services again that a host has exposed and for which proxies wait.</summary>
    /// <param name="names">The names of the services, or null for any.</param>
    /// <param name="connection">The connection of the host.</param>
    internal void BindExposed(ICollection<string>? names, ClientConnection connection)
    {
        foreach (ServiceProxy proxy in _proxies)
        {
            if (!proxy.IsReady && names?.Contains(proxy.Methods.ServiceName) != false && proxy.Exposure.TryBeginAgain())
            {
                steps.AddSend(() => connection.Bind(proxy));
            }
        }
    }

    /// <summary>Binds a proxy: the host has accepted its request.</summary>
    internal void OnBound(ServiceProxy proxy, ServiceBinding binding)
    {
        proxy.SetBinding(binding);
        steps.AddSend(proxy.Resubscribe);
        proxy.Exposure.End();
        steps.Raise(() => proxy.RaiseConnected(client.Evaluator));
        if (TakeWaiter(proxy) is { } waiter)
        {
            steps.Raise(() => waiter.TrySetResult());
        }
    }

    /// <summary>Handles a proxy that cannot be bound on a connection: keeps it if its service may be exposed later, and removes it otherwise.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="number">The number of the connection.</param>
    internal void OnRefused(ServiceProxy proxy, DisconnectReason reason, ClientConnection connection, long number)
    {
        bool mayComeLater = reason.Cause == DisconnectCause.Refused || (reason.Cause == DisconnectCause.BindTimeout && proxy.Exposure.IsWaiting);
        if (mayComeLater && (options.Retry || options.Reconnect))
        {
            WaitForExposure(proxy, reason, connection, number);
        }
        else
        {
            TryRemove(proxy);
            Disconnect(proxy, reason, permanently: true);
        }
    }

    /// <summary>Disconnects all proxies from a connection.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="permanently">A value that indicates whether the proxies no longer belong to the client.</param>
    /// <param name="number">The number of the connection. A proxy whose service it has refused has been told already.</param>
    internal void DisconnectAll(DisconnectReason reason, bool permanently, long number)
    {
        foreach (ServiceProxy proxy in _proxies)
        {
            Disconnect(proxy, reason, permanently, isTold: proxy.Exposure.WasRefusedBy(number));
        }

        if (permanently)
        {
            _proxies.Clear();
        }
    }

    /// <summary>Finds a proxy by its reference, since its equality is user code.</summary>
    private int IndexOf(ServiceProxy proxy) => _proxies.FindIndex(other => ReferenceEquals(other, proxy));

    /// <summary>Keeps a proxy whose service was refused, until the host exposes the service.</summary>
    private void WaitForExposure(ServiceProxy proxy, DisconnectReason reason, ClientConnection connection, long number)
    {
        bool isFirst = proxy.Exposure.Refuse(number, out bool isReported);
        if (isReported && proxy.Exposure.TryBeginAgain())
        {
            // The report and the refusal may have crossed.
            steps.AddSend(() => connection.Bind(proxy));
        }

        if (!isFirst)
        {
            return;
        }

        reason = reason with { Message = $"{reason.Message} The client asks again when the host exposes it, and on its next connection." };
        proxy.RemoveBinding(reason);
        steps.Raise(() => proxy.RaiseDisconnected(client.Evaluator, reason));
        steps.AddAttempt(() => ClientLog.ServiceAwaited(options.Log, client.Endpoint, proxy.Methods.ServiceName));
    }

    private void Disconnect(ServiceProxy proxy, DisconnectReason reason, bool permanently, bool isTold = false)
    {
        proxy.RemoveBinding(reason);
        if (!isTold)
        {
            steps.Raise(() => proxy.RaiseDisconnected(client.Evaluator, reason));
        }

        // BindAsync of a service that was refused waits across connections.
        bool staysPending = !permanently && proxy.Exposure.IsWaiting;
        if (!staysPending && TakeWaiter(proxy) is { } waiter)
        {
            steps.Raise(() => waiter.TrySetException(IpcDisconnectedException.OfBinding(reason)));
        }

        proxy.Exposure.EndRequest();
        if (permanently)
        {
            proxy.Exposure.End();
            proxy.Detach();
        }
    }
}
