using System.Diagnostics;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Ipc.Client;
using Signals.Ipc.Services;

namespace Signals.Ipc;

/// <summary>
/// A service of another process, as a client sees it. A derived class has one line for each method of the service:
/// <code>public virtual Task&lt;Reply&gt; SayHello(Request request) =&gt; CallAsync&lt;Reply&gt;(request);</code>
/// </summary>
/// <remarks>
/// <para>A proxy can be used when its client has been told to bind it (<see cref="IpcClient.Bind"/>) and <see cref="Connected"/> has been
/// raised. Every member may be called from any thread.</para>
/// <para>The answer to a call runs what awaits it on the thread that read it from the socket, unless the caller's synchronisation context or
/// scheduler says otherwise. Do not block there: no answer of the same client is read meanwhile. The code that awaits a failed call runs on the
/// thread pool, after the state of the proxy and its client has changed, and independently of other calls.</para>
/// </remarks>
public abstract class ServiceProxy : IDisposable
{
    private readonly Delivery _connected = new();
    private readonly Delivery<DisconnectReason> _disconnected = new();

    /// <summary>Held while the proxy is given to a client: two clients may be told to bind it, or it may be disposed, at the same time.</summary>
    private readonly Lock _attaching = new();

    /// <summary>The client that the proxy was given to, or null.</summary>
    private volatile IpcClient? _client;

    /// <summary>What calls go by, or null while they cannot be made.</summary>
    private volatile ServiceBinding? _binding;

    /// <summary>Reason for which the binding was lost, or null while none has been lost since the proxy was given to its client.</summary>
    private volatile DisconnectReason? _lost;

    private volatile bool _disposed;

    /// <summary>Makes a proxy that is not bound yet.</summary>
    /// <param name="descriptor">The service, from the class that was generated of its .proto file.</param>
    /// <exception cref="ArgumentNullException"><paramref name="descriptor"/> is null.</exception>
    /// <exception cref="ArgumentException">The service has a method that takes a stream.</exception>
    protected ServiceProxy(ServiceDescriptor descriptor) => Methods = MethodTable.Of(descriptor);

    /// <summary>Raised when the host has bound the service: calls can be made. Once for each connection.</summary>
    public virtual ISignal Connected => _connected.Signal;

    /// <summary>
    /// Raised with the reason when the connection was lost, could not be made (without <see cref="IpcClientOptions.Retry"/>), or the host
    /// refused the service. Once for each connection.
    /// </summary>
    public virtual ISignal<DisconnectReason> Disconnected => _disconnected.Signal;

    /// <summary>Whether calls can be made at the moment.</summary>
    public virtual bool IsConnected => _binding is not null;

    internal MethodTable Methods { get; }

    /// <summary>Whoever waits for the proxy to be bound, or null. Guarded by the client.</summary>
    internal TaskCompletionSource? BindWaiter { get; set; }

    /// <summary>
    /// Ends the proxy: its calls under way fail, and none of its signals is raised any more, not even what was on its way.
    /// </summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Calls a method that has one answer.</summary>
    /// <typeparam name="TReply">The type of the answer, as the .proto file says.</typeparam>
    /// <param name="request">The message to send. It may be reused once this method has returned.</param>
    /// <param name="cancellationToken">Ends the waiting at once; the service is not told.</param>
    /// <param name="method">The method's name; that of the calling C# method by default, with or without "Async" at its end.</param>
    /// <returns>
    /// The answer. The task fails with <see cref="IpcCallException"/> if the service did not carry out the call, with
    /// <see cref="IpcDisconnectedException"/> if there is no connection or it was lost, with <see cref="TimeoutException"/> after
    /// <see cref="IpcClientOptions.CallTimeout"/>, and with <see cref="IpcException"/> if the message is too large.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The service has no such method, or one of other types.</exception>
    protected Task<TReply> CallAsync<TReply>(
        IMessage request,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string method = ""
    )
        where TReply : class, IMessage<TReply>
    {
        ServiceMethod called = Check<TReply>(request, method, isStreaming: false);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TReply>(cancellationToken);
        }

        try
        {
            ServiceBinding binding = RequireBinding();
            return binding.Connection.CallAsync<TReply>(binding, called, request, cancellationToken);
        }
        catch (IpcException exception)
        {
            return Task.FromException<TReply>(exception);
        }
    }

    /// <summary>Calls a method that has a stream of answers. The call is made when the enumeration begins, anew by each.</summary>
    /// <typeparam name="TReply">The type of the answers, as the .proto file says.</typeparam>
    /// <param name="request">The message to send, which each enumeration encodes when it begins.</param>
    /// <param name="cancellationToken">Ends the enumeration at once; the service is not told.</param>
    /// <param name="method">The method's name; that of the calling C# method by default, with or without "Async" at its end.</param>
    /// <returns>The answers; enumerating them fails with what <see cref="CallAsync"/> fails with.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The service has no such method, or one of other types.</exception>
    protected IAsyncEnumerable<TReply> StreamAsync<TReply>(
        IMessage request,
        CancellationToken cancellationToken = default,
        [CallerMemberName] string method = ""
    )
        where TReply : class, IMessage<TReply> =>
        new StreamCall<TReply>(this, Check<TReply>(request, method, isStreaming: true), request, cancellationToken);

    /// <summary>Calls a method and tells the service that no answer is wanted, not even of a failure.</summary>
    /// <param name="request">The message to send.</param>
    /// <param name="cancellationToken">Ends the waiting for room; a call that was accepted is sent.</param>
    /// <param name="method">The method's name; that of the calling C# method by default, with or without "Async" at its end.</param>
    /// <returns>
    /// A task that ends when the message has been accepted: at once, unless <see cref="IpcClientOptions.MaxUnsentBytes"/> are waiting
    /// already. It fails with <see cref="IpcDisconnectedException"/> if there is no connection.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The service has no such method, or one of other types.</exception>
    protected ValueTask SendAsync(IMessage request, CancellationToken cancellationToken = default, [CallerMemberName] string method = "")
    {
        ServiceMethod called = Check(request, method);
        try
        {
            ServiceBinding binding = RequireBinding();
            return binding.Connection.SendAsync(binding, called, request, cancellationToken);
        }
        catch (IpcException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    /// <summary>Ends the proxy. An override ends what it has added, and calls this.</summary>
    /// <param name="disposing">Always <see langword="true"/>: there is no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        lock (_attaching)
        {
            AssertInvariants();
            _disposed = true;
        }

        _client?.Remove(this);
        _connected.Dispose();
        _disconnected.Dispose();
    }

    /// <summary>What calls go by.</summary>
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
                        $"The proxy for {Methods.ServiceName} is not connected: bind it with a client and wait for its {nameof(Connected)} signal."
                    ),
                requestMayHaveBeenSent: false
            );
    }

    /// <summary>Gives the proxy to a client, on whose evaluator its signals are raised from now on.</summary>
    /// <exception cref="InvalidOperationException">Another client has it.</exception>
    internal void Attach(IpcClient client)
    {
        lock (_attaching)
        {
            AssertInvariants();
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_client is not null)
            {
                throw new InvalidOperationException($"This {GetType().Name} has been given to a client already. Make a proxy for each client.");
            }

            _connected.DeliverOn(client.Evaluator);
            _disconnected.DeliverOn(client.Evaluator);
            _lost = null;
            _client = client;
        }
    }

    /// <summary>Takes the proxy from its client; what was raised is still delivered.</summary>
    internal void Detach() => _client = null;

    /// <summary>Gets a value that indicates whether the proxy has been given to a client and not been taken from it since.</summary>
    internal bool IsGivenTo(IpcClient client) => _client == client;

    /// <summary>Makes calls possible.</summary>
    internal void SetBinding(ServiceBinding binding) => _binding = binding;

    /// <summary>Makes calls fail with a reason from now on. Returns the binding that they used until now.</summary>
    internal ServiceBinding? RemoveBinding(DisconnectReason reason)
    {
        ServiceBinding? previous = _binding;

        // In this order: a call that finds no binding finds the reason.
        _lost = reason;
        _binding = null;
        return previous;
    }

    /// <summary>Raises <see cref="Connected"/> for the client that the proxy has now.</summary>
    internal Signal ConnectedSource => _connected.Source;

    /// <summary>Raises <see cref="Disconnected"/> for the client that the proxy has now.</summary>
    internal Signal<DisconnectReason> DisconnectedSource => _disconnected.Source;

    /// <summary>States what holds whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_attaching.IsHeldByCurrentThread);
        Debug.Assert(_client is null || (_connected.Source is not null && _disconnected.Source is not null), "A proxy of a client has somewhere to deliver.");
    }

    private ServiceMethod Check(IMessage request, string name)
    {
        ArgumentNullException.ThrowIfNull(request);
        ServiceMethod method = Methods.Get(name);
        return method.RequestType == request.GetType()
            ? method
            : throw new InvalidOperationException($"{method.FullName} takes a {method.RequestType.Name}, not a {request.GetType().Name}.");
    }

    private ServiceMethod Check<TReply>(IMessage request, string name, bool isStreaming)
    {
        ServiceMethod method = Check(request, name);
        if (method.ReplyType != typeof(TReply))
        {
            throw new InvalidOperationException($"{method.FullName} answers with a {method.ReplyType.Name}, not a {typeof(TReply).Name}.");
        }

        return method.IsStreaming == isStreaming
            ? method
            : throw new InvalidOperationException(
                method.IsStreaming
                    ? $"{method.FullName} answers with a stream: call it with {nameof(StreamAsync)}."
                    : $"{method.FullName} answers once: call it with CallAsync."
            );
    }
}
