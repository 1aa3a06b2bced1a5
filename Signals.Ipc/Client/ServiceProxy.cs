using System.Diagnostics;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Ipc.Client;
using Signals.Ipc.Services;
using Signals.Ipc.Telemetry;

namespace Signals.Ipc;

/// <summary>
/// Base class of proxies, through which a client calls a service in another process. A derived class has one line for each method of the service:
/// <code>public virtual Task&lt;Reply&gt; SayHello(Request request) =&gt; CallAsync&lt;Reply&gt;(request);</code>
/// </summary>
/// <remarks>
/// <para>Calls can be made when the proxy has been passed to <see cref="IpcClient.Bind"/> and <see cref="Connected"/> has been raised. All members
/// are thread-safe.</para>
/// <para>A reply resumes the code that awaits it on the thread that received the reply, unless the caller's synchronization context or scheduler
/// determines another one. Do not block there: meanwhile, no other reply of the same client is read. The code that awaits a failed call runs on the
/// thread pool, after the state of the proxy and its client has changed, and independently of other calls.</para>
/// </remarks>
public abstract partial class ServiceProxy : IDisposable
{
    private readonly RelayedSignal _connected = new();
    private readonly RelayedSignal<DisconnectReason> _disconnected = new();

    /// <summary>Guards the attachment to a client: two clients may bind the proxy, or it may be disposed, at the same time.</summary>
    private readonly Lock _attaching = new();

    /// <summary>The client that the proxy is attached to, or null.</summary>
    private volatile ClientSession? _client;

    /// <summary>The object through which calls pass, which fail, after the proxy has been detached from its client; null if none.</summary>
    private volatile ObservedCalls? _lastObserved;

    /// <summary>The endpoint of the client from which the proxy has been detached, or null.</summary>
    private volatile ServerAddress? _lastServer;

    /// <summary>The binding that calls use, or null while calls cannot be made.</summary>
    private volatile ServiceBinding? _binding;

    /// <summary>The reason for which the binding was lost, or null if none has been lost since the proxy was attached to its client.</summary>
    private volatile DisconnectReason? _lost;

    private volatile bool _disposed;

    /// <summary>The source of the task for which calls wait until the proxy is connected, or null if none waits. Guarded by <see cref="_attaching"/>.</summary>
    private TaskCompletionSource<ServiceBinding>? _ready;

    private readonly ProxyInvoker _invoker;

    /// <summary>Initializes a new instance of the <see cref="ServiceProxy"/> class. The proxy is not bound.</summary>
    /// <param name="descriptor">The descriptor of the service, from the class that was generated from its .proto file.</param>
    /// <exception cref="ArgumentNullException"><paramref name="descriptor"/> is null.</exception>
    /// <exception cref="ArgumentException">The service has a method that takes a stream of requests, which the protocol does not support.</exception>
    protected ServiceProxy(ServiceDescriptor descriptor)
    {
        Methods = MethodTable.Of(descriptor);
        _invoker = new ProxyInvoker(this);
    }

    /// <summary>Gets the signal that is raised when the host has bound the service and calls can be made. Raised once for each connection.</summary>
    public virtual ISignal Connected => _connected;

    /// <summary>
    /// Gets the signal that is raised with the reason when the connection was lost, could not be made (without <see cref="IpcClientOptions.Retry"/>),
    /// or the host refused the service. Raised once for each connection at most: not for the loss of a connection that had refused the service.
    /// </summary>
    public virtual ISignal<DisconnectReason> Disconnected => _disconnected;

    /// <summary>Gets a value that indicates whether calls can be made.</summary>
    public virtual bool IsConnected => _binding is not null;

    /// <summary>Gets the invoker that makes the calls of the proxy.</summary>
    protected CallInvoker Invoker => _invoker;

    internal MethodTable Methods { get; }

    /// <summary>Gets the wait for a host that exposes the service. Guarded by the client's lock.</summary>
    internal ExposureWait Exposure { get; } = new();

    /// <summary>Gets or sets the source of the task of a pending <see cref="IpcClient.BindAsync"/>, or null. Guarded by the client's lock.</summary>
    internal TaskCompletionSource? BindWaiter { get; set; }

    /// <summary>
    /// Releases the proxy. Its pending calls fail, and its signals are no longer raised, not even for events that are already queued.
    /// </summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns a text with the service and the state of the proxy: bound, or what it waits for.</summary>
    /// <returns>A text for logs and debuggers.</returns>
    public override string ToString()
    {
        string state =
            _disposed ? "disposed"
            : _binding is not null ? "bound"
            : _client?.DescribeWait(this) ?? "not bound";
        return $"{GetType().Name} {Methods.ServiceName} ({state})";
    }

    /// <summary>Calls a method that has one reply.</summary>
    /// <typeparam name="TReply">The type of the reply, as the .proto file declares it.</typeparam>
    /// <param name="request">The message to send. It may be reused once this method has returned.</param>
    /// <param name="cancellationToken">A token that ends the wait at once. The service is not notified.</param>
    /// <param name="method">The name of the method. By default that of the calling C# method, with or without the suffix "Async".</param>
    /// <returns>
    /// A task that completes with the reply. It fails with <see cref="IpcCallException"/> if the service did not carry out the call, with
    /// <see cref="IpcDisconnectedException"/> if there is no connection or it was lost, with <see cref="TimeoutException"/> after
    /// <see cref="IpcClientOptions.CallTimeout"/>, and with <see cref="IpcException"/> if the message is too large.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The service has no such method, or the method has other types.</exception>
    protected Task<TReply> CallAsync<TReply>(IMessage request, CancellationToken cancellationToken = default, [CallerMemberName] string method = "")
        where TReply : class, IMessage<TReply>
    {
        return _invoker.CallAsync<TReply>(Check<TReply>(request, method, isStreaming: false), request, options: null, cancellationToken);
    }

    /// <summary>Calls a method that has a stream of replies. Each enumeration makes a new call when it begins.</summary>
    /// <typeparam name="TReply">The type of the replies, as the .proto file declares it.</typeparam>
    /// <param name="request">The message to send, which each enumeration encodes when it begins.</param>
    /// <param name="cancellationToken">A token that ends the enumeration at once. The service is not notified.</param>
    /// <param name="method">The name of the method. By default that of the calling C# method, with or without the suffix "Async".</param>
    /// <returns>The replies. Their enumeration throws the exceptions with which <see cref="CallAsync"/> fails.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The service has no such method, or the method has other types.</exception>
    protected IAsyncEnumerable<TReply> StreamAsync<TReply>(
        IMessage request,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string method = ""
    )
        where TReply : class, IMessage<TReply> =>
        _invoker.StreamAsync<TReply>(Check<TReply>(request, method, isStreaming: true), request, options: null, cancellationToken);

    /// <summary>Calls a method and informs the service that no reply is wanted, not even if the call fails.</summary>
    /// <param name="request">The message to send.</param>
    /// <param name="cancellationToken">A token that ends the wait for room in the send buffer. A call that was accepted is sent.</param>
    /// <param name="method">The name of the method. By default that of the calling C# method, with or without the suffix "Async".</param>
    /// <returns>
    /// A task that completes when the message has been accepted: at once, unless <see cref="IpcClientOptions.MaxUnsentBytes"/> are already waiting.
    /// It fails with <see cref="IpcDisconnectedException"/> if there is no connection.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The service has no such method, or the method has other types.</exception>
    protected ValueTask SendAsync(IMessage request, CancellationToken cancellationToken = default, [CallerMemberName] string method = "")
    {
        return _invoker.SendAsync(Check(request, method), request, options: null, cancellationToken);
    }

    /// <summary>Releases the proxy. An override releases the resources that it has added and calls this method.</summary>
    /// <param name="disposing">Always <see langword="true"/>: there is no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        lock (_attaching)
        {
            AssertInvariants();
            _disposed = true;
        }

        Volatile.Read(ref _subscriptions)?.Dispose();
        _client?.Remove(this);
        FailWaiters(new ObjectDisposedException(GetType().Name));
        _connected.Dispose();
        _disconnected.Dispose();
    }

    /// <summary>Returns the binding that calls use.</summary>
    /// <exception cref="IpcDisconnectedException">There is no connection.</exception>
    /// <exception cref="ObjectDisposedException">The proxy has been disposed.</exception>
    internal ServiceBinding RequireBinding()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _binding
            ?? throw new IpcDisconnectedException(
                _lost
                    ?? new DisconnectReason(
                        DisconnectCause.ConnectFailed,
                        $"The proxy for {Methods.ServiceName} is not bound. Call IpcClient.Bind, and wait for the {nameof(Connected)} signal."
                    ),
                requestMayHaveBeenSent: false
            );
    }

    /// <summary>Attaches the proxy to a client, on whose evaluator its signals are raised from now on.</summary>
    /// <exception cref="InvalidOperationException">The proxy already belongs to a client.</exception>
    internal void Attach(ClientSession client)
    {
        lock (_attaching)
        {
            AssertInvariants();
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_client is not null)
            {
                throw new InvalidOperationException(
                    _client == client
                        ? $"This {GetType().Name} was passed to Bind or BindAsync of this client before. Pass it once, and wait for its {nameof(Connected)} signal or for the task of BindAsync."
                        : $"This {GetType().Name} already belongs to a client. Create a separate proxy for each client."
                );
            }

            _lost = null;
            _client = client;
        }
    }

    /// <summary>Detaches the proxy from its client. Events that were raised before are still delivered.</summary>
    internal void Detach()
    {
        _lastObserved = _client?.Observed;
        _lastServer = _client?.Server;
        _client = null;
        DisconnectReason reason = _lost ?? new DisconnectReason(DisconnectCause.ClosedLocally, "The proxy no longer belongs to a client.");
        FailWaiters(new IpcDisconnectedException(reason, requestMayHaveBeenSent: false));
    }

    /// <summary>Gets a value that indicates whether calls can be made, without calling a member that may be overridden.</summary>
    internal bool IsReady => _binding is not null;

    /// <summary>Gets a value that indicates whether the client connects again after a connection was lost.</summary>
    internal bool WillReconnect => _client is { Reconnects: true };

    /// <summary>Gets the time provider of the client, or that of the system if the proxy does not belong to a client.</summary>
    internal TimeProvider ClientTime => _client?.Time ?? TimeProvider.System;

    /// <summary>Gets the object through which the calls pass because the client has interceptors or logs calls; otherwise, null.</summary>
    internal ObservedCalls? Observed => _client is { } client ? client.Observed : _lastObserved;

    /// <summary>Gets the endpoint of the client, or of the last one; null if the proxy has not belonged to a client.</summary>
    internal ServerAddress? ClientServer => _client is { } client ? client.Server : _lastServer;

    /// <summary>Gets the time limit of the client's calls, or null if the proxy does not belong to a client.</summary>
    internal TimeSpan? ClientCallTimeout => _client?.CallTimeout;

    /// <summary>Returns a task that completes with the binding when calls can be made.</summary>
    /// <exception cref="IpcDisconnectedException">The proxy does not belong to a client.</exception>
    /// <exception cref="ObjectDisposedException">The proxy has been disposed.</exception>
    internal Task<ServiceBinding> WaitForBindingAsync()
    {
        lock (_attaching)
        {
            AssertInvariants();
            if (_binding is null && _client is not null && !_disposed)
            {
                _ready ??= new TaskCompletionSource<ServiceBinding>(TaskCreationOptions.RunContinuationsAsynchronously);
                return _ready.Task;
            }
        }

        return Task.FromResult(RequireBinding());
    }

    /// <summary>Fails the calls that wait for a connection, which will not come.</summary>
    private void FailWaiters(Exception exception)
    {
        TaskCompletionSource<ServiceBinding>? ready;
        lock (_attaching)
        {
            AssertInvariants();
            ready = _ready;
            _ready = null;
        }

        if (ready is not null)
        {
            ready.TrySetException(exception);

            // If all calls have been canceled, the exception must not count as unobserved.
            _ = ready.Task.Exception;
        }
    }

    /// <summary>Returns a value that indicates whether the proxy is attached to the specified client.</summary>
    internal bool IsAttachedTo(ClientSession client) => _client == client;

    /// <summary>Sets the binding, after which calls can be made.</summary>
    internal void SetBinding(ServiceBinding binding)
    {
        TaskCompletionSource<ServiceBinding>? ready;
        lock (_attaching)
        {
            AssertInvariants();
            _binding = binding;
            ready = _ready;
            _ready = null;
        }

        ready?.TrySetResult(binding);
    }

    /// <summary>Removes the binding and returns it. From now on, calls fail with the specified reason.</summary>
    internal ServiceBinding? RemoveBinding(DisconnectReason reason)
    {
        ServiceBinding? previous = _binding;

        // The reason is set first, so that a call that finds no binding finds the reason.
        _lost = reason;
        _binding = null;
        return previous;
    }

    /// <summary>Raises <see cref="Connected"/> on the evaluator of the client that bound the proxy.</summary>
    internal void RaiseConnected(ConnectionEvaluator evaluator) => _connected.EmitOn(evaluator);

    /// <summary>Raises <see cref="Disconnected"/> on the evaluator of a client, which need not be the current one any more.</summary>
    internal void RaiseDisconnected(ConnectionEvaluator evaluator, DisconnectReason reason) => _disconnected.EmitOn(evaluator, reason);

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_attaching.IsHeldByCurrentThread);
        Debug.Assert(_ready is null || _binding is null, "Calls wait only while none can be made.");
    }

    private ServiceMethod Check(IMessage request, string name)
    {
        ArgumentNullException.ThrowIfNull(request);
        ServiceMethod method = Methods.Get(name);
        return method.RequestType == request.GetType()
            ? method
            : throw new InvalidOperationException($"{method.FullName} takes {method.RequestType.Name}, not {request.GetType().Name}.");
    }

    private ServiceMethod Check<TReply>(IMessage request, string name, bool isStreaming)
    {
        ServiceMethod method = Check(request, name);
        if (method.ReplyType != typeof(TReply))
        {
            throw new InvalidOperationException($"{method.FullName} returns {method.ReplyType.Name}, not {typeof(TReply).Name}.");
        }

        return method.IsStreaming == isStreaming
            ? method
            : throw new InvalidOperationException(
                method.IsStreaming
                    ? $"{method.FullName} returns a stream. Call it with {nameof(StreamAsync)}."
                    : $"{method.FullName} returns a single reply. Call it with CallAsync."
            );
    }
}
