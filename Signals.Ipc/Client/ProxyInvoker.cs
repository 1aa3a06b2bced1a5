using Google.Protobuf;
using Signals.Ipc.Interceptors;
using Signals.Ipc.Services;
using Signals.Ipc.Telemetry;

namespace Signals.Ipc.Client;

/// <summary>Makes calls over the connection to which a proxy is bound.</summary>
internal sealed class ProxyInvoker(ServiceProxy proxy) : CallInvoker
{
    /// <summary>The options of a call whose time limit and headers have been read from its own options.</summary>
    internal static readonly CallOptions NoMore = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <inheritdoc/>
    public override Task<TReply> CallAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => CallAsync<TReply>(Check(method, request, isStreaming: false), request, options, cancellationToken);

    /// <inheritdoc/>
    public override IAsyncEnumerable<TReply> StreamAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => StreamAsync<TReply>(Check(method, request, isStreaming: true), request, options, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask SendAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => SendAsync(Check(method, request, isStreaming: null), request, options, cancellationToken);

    internal Task<TReply> CallAsync<TReply>(ServiceMethod method, IMessage request, CallOptions? options, CancellationToken cancellationToken)
        where TReply : class, IMessage<TReply>
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TReply>(cancellationToken);
        }

        return Observed is { } observed
            ? observed.CallAsync<TReply>(this, method, request, options, cancellationToken)
            : BeginCallAsync<TReply>(method, request, options, details: null, cancellationToken);
    }

    internal IAsyncEnumerable<TReply> StreamAsync<TReply>(
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CancellationToken cancellationToken
    )
        where TReply : class, IMessage<TReply> =>
        Observed is { } observed
            ? new ObservedStream<TReply>(observed, this, method, request, options, cancellationToken)
            : BeginStream<TReply>(method, request, options, details: null, cancellationToken);

    internal ValueTask SendAsync(ServiceMethod method, IMessage request, CallOptions? options, CancellationToken cancellationToken) =>
        Observed is { } observed
            ? observed.SendAsync(this, method, request, options, cancellationToken)
            : BeginSendAsync(method, request, options, details: null, cancellationToken);

    /// <summary>Gets the time provider of the client.</summary>
    internal TimeProvider Time => proxy.ClientTime;

    /// <summary>Gets the endpoint of the client, or of the last one; null if the proxy has not belonged to a client.</summary>
    internal ServerAddress? Server => proxy.ClientServer;

    /// <summary>Gets the time limit of the client's calls.</summary>
    internal TimeSpan CallTimeout => proxy.ClientCallTimeout ?? Timeout.InfiniteTimeSpan;

    /// <summary>Gets the object through which calls pass because something observes them; null for most clients.</summary>
    private ObservedCalls? Observed => proxy.Observed ?? (CallTracing.IsListened || CallMetrics.MeasuresClient ? ObservedCalls.Listened : null);

    /// <summary>Makes a call, past all interceptors.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">The message to send.</param>
    /// <param name="options">The options of the call, or null for the defaults.</param>
    /// <param name="details">The time limit and the headers of the call if it has begun earlier, or null to read them from the options.</param>
    /// <param name="cancellationToken">A token that cancels the call.</param>
    internal Task<TReply> BeginCallAsync<TReply>(
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CallDetails? details,
        CancellationToken cancellationToken
    )
        where TReply : class, IMessage<TReply>
    {
        if (options is { WaitForReady: true } && !proxy.IsReady)
        {
            return CallWhenReadyAsync<TReply>(method, request, options, details, cancellationToken);
        }

        try
        {
            ServiceBinding binding = proxy.RequireBinding();
            return binding.Calls.CallAsync<TReply>(binding, method, request, options, details, cancellationToken);
        }
        catch (IpcException exception)
        {
            return Task.FromException<TReply>(exception);
        }
    }

    /// <summary>Returns the replies of a stream, past all interceptors. The call begins with their enumeration.</summary>
    internal IAsyncEnumerable<TReply> BeginStream<TReply>(
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CallDetails? details,
        CancellationToken cancellationToken
    )
        where TReply : class, IMessage<TReply> =>
        options is { WaitForReady: true } or { Resume: true }
            ? new ReadyStreamCall<TReply>(proxy, method, request, options, details, cancellationToken)
            : new StreamCall<TReply>(proxy, method, request, options, details, cancellationToken);

    /// <summary>Makes a call without a reply, past all interceptors.</summary>
    internal ValueTask BeginSendAsync(
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CallDetails? details,
        CancellationToken cancellationToken
    )
    {
        if (options is { WaitForReady: true } && !proxy.IsReady)
        {
            return SendWhenReadyAsync(method, request, options, details, cancellationToken);
        }

        try
        {
            ServiceBinding binding = proxy.RequireBinding();
            return binding.Calls.SendAsync(binding, method, request, options, details, cancellationToken);
        }
        catch (IpcException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    /// <summary>Returns a copy of a message, which the caller may change as soon as the method that it called has returned.</summary>
    internal static IMessage Copy(ServiceMethod method, IMessage request) => (IMessage)method.RequestParser.ParseFrom(request.ToByteArray());

    private async Task<TReply> CallWhenReadyAsync<TReply>(
        ServiceMethod method,
        IMessage request,
        CallOptions options,
        CallDetails? details,
        CancellationToken cancellationToken
    )
        where TReply : class, IMessage<TReply>
    {
        details ??= CallDetails.Of(options, CallTimeout, Time);
        request = Copy(method, request);
        ServiceBinding binding = await new ReadyWait(proxy, method, details).WaitAsync(cancellationToken).ConfigureAwait(false);
        return await binding.Calls.CallAsync<TReply>(binding, method, request, NoMore, details, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SendWhenReadyAsync(
        ServiceMethod method,
        IMessage request,
        CallOptions options,
        CallDetails? details,
        CancellationToken cancellationToken
    )
    {
        details ??= CallDetails.Of(options, CallTimeout, Time);
        request = Copy(method, request);
        ServiceBinding binding = await new ReadyWait(proxy, method, details).WaitAsync(cancellationToken).ConfigureAwait(false);
        await binding.Calls.SendAsync(binding, method, request, NoMore, details, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the method that is to be called.</summary>
    /// <param name="method">The method.</param>
    /// <param name="isStreaming">A value that indicates whether the method has to return a stream, or null if it does not matter.</param>
    /// <exception cref="ArgumentException">The method belongs to another service, or does not return what it has to.</exception>
    internal ServiceMethod Check<TRequest, TReply>(RpcMethod<TRequest, TReply> method, bool? isStreaming)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.Table != proxy.Methods)
        {
            throw new ArgumentException($"{method.Method.FullName} is not an rpc of {proxy.Methods.ServiceName}.", nameof(method));
        }

        return isStreaming is null || isStreaming == method.IsStreaming
            ? method.Method
            : throw new ArgumentException(
                method.IsStreaming
                    ? $"{method.Method.FullName} returns a stream. Call it with {nameof(StreamAsync)}."
                    : $"{method.Method.FullName} returns a single reply. Call it with {nameof(CallAsync)}.",
                nameof(method)
            );
    }

    private ServiceMethod Check<TRequest, TReply>(RpcMethod<TRequest, TReply> method, TRequest request, bool? isStreaming)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        return Check(method, isStreaming);
    }
}
