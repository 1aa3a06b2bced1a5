using Google.Protobuf;
using Signals.Ipc.Client;

namespace Signals.Ipc;

/// <content>Signals and properties of the service.</content>
public abstract partial class ServiceProxy
{
    /// <summary>The signals and properties that have been requested, or null if none has.</summary>
    private ProxySubscriptions? _subscriptions;

    /// <summary>Gets the evaluator of the client, or null if the proxy does not belong to a client.</summary>
    internal ConnectionEvaluator? ClientEvaluator => _client?.Evaluator;

    /// <summary>Gets the binding that calls use, or null while calls cannot be made.</summary>
    internal ServiceBinding? Binding => _binding;

    private ProxySubscriptions Subscriptions =>
        Volatile.Read(ref _subscriptions)
        ?? Interlocked.CompareExchange(ref _subscriptions, new ProxySubscriptions(Methods.Methods.Count), null)
        ?? _subscriptions;

    /// <summary>Returns the signal that an rpc with a stream of replies stands for: each reply is an emission.</summary>
    /// <remarks>
    /// <para>The rpc is called while the signal has connections: the first one makes the call, and the end of the last one cancels it. All connections
    /// share the call. While there is no connection to the host, the signal waits for one, and the call is made again after each reconnection. Connecting
    /// neither waits nor fails because there is no host. A call that fails or ends for another reason is logged as a warning, and made again after a
    /// delay.</para>
    /// <para>The slots run on the evaluator of the client. What is emitted while there is no connection is lost. When calls can be made, the
    /// request is sent before <see cref="ISignal{T}.Connect"/> returns, so a later call of the same thread follows it.</para>
    /// <para>When the proxy is disposed, the connections of the signal end.</para>
    /// </remarks>
    /// <typeparam name="TRequest">The type of the request, which is sent empty.</typeparam>
    /// <typeparam name="TReply">The type of the replies.</typeparam>
    /// <param name="method">The rpc. The signal is the same for each call with it.</param>
    /// <returns>The signal.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    /// <exception cref="ArgumentException">The rpc belongs to another service, or returns a single reply.</exception>
    /// <exception cref="InvalidOperationException">The rpc has been used for a property.</exception>
    protected ISignal<TReply> SignalOf<TRequest, TReply>(RpcMethod<TRequest, TReply> method)
        where TRequest : class, IMessage<TRequest>, new()
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(method);
        return Subscriptions.Find<SignalSubscription<TReply>>(CheckStream(method)) is { } known
            ? known.Signal
            : Subscriptions.Add(method.Method, new SignalSubscription<TReply>(this, method.Method, CallOf(method))).Signal;
    }

    /// <summary>
    /// Returns the property that an rpc with a stream of replies stands for: its value is the last reply. The stream of a property of a service of this library
    /// begins with the current value.
    /// </summary>
    /// <remarks>
    /// <para>The rpc is called while the property is observed: while it has connections, or an observed computation or an effect follows it. The stream is
    /// shared, and called again, as <see cref="SignalOf"/> describes. Otherwise, and before the first reply, the property keeps the value that it has;
    /// it begins with an empty message. A property that is to be current is therefore observed, for example by an effect.</para>
    /// <para>The value changes on the evaluator of the client. A reply that equals the value changes nothing, and of several replies that wait for the
    /// evaluator, only the last one becomes the value. The value of a property must not be changed: it is the same object for all.</para>
    /// <para>When the proxy is disposed, the connections of the property end, and it keeps its value.</para>
    /// </remarks>
    /// <typeparam name="TRequest">The type of the request, which is sent empty.</typeparam>
    /// <typeparam name="TReply">The type of the replies.</typeparam>
    /// <param name="method">The rpc. The property is the same for each call with it.</param>
    /// <returns>The property.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> is null.</exception>
    /// <exception cref="ArgumentException">The rpc belongs to another service, or returns a single reply.</exception>
    /// <exception cref="InvalidOperationException">The rpc has been used for a signal.</exception>
    protected IReadOnlyProperty<TReply> PropertyOf<TRequest, TReply>(RpcMethod<TRequest, TReply> method)
        where TRequest : class, IMessage<TRequest>, new()
        where TReply : class, IMessage<TReply>, new()
    {
        ArgumentNullException.ThrowIfNull(method);
        ProxySubscriptions subscriptions = Subscriptions;
        return subscriptions.Find<ValueSubscription<TReply>>(CheckStream(method)) is { } known
            ? known.Property
            : subscriptions
                .Add(method.Method, new ValueSubscription<TReply>(this, method.Method, CallOf(method), new TReply(), subscriptions.Scope))
                .Property;
    }

    /// <summary>Throws if an rpc cannot be called as a stream of this proxy.</summary>
    private Services.ServiceMethod CheckStream<TRequest, TReply>(RpcMethod<TRequest, TReply> method)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> => _invoker.Check(method, isStreaming: true);

    private Func<CancellationToken, IAsyncEnumerable<TReply>> CallOf<TRequest, TReply>(RpcMethod<TRequest, TReply> method)
        where TRequest : class, IMessage<TRequest>, new()
        where TReply : class, IMessage<TReply>
    {
        var request = new TRequest();
        return cancellationToken => Invoker.StreamAsync(method, request, options: null, cancellationToken);
    }

    /// <summary>Makes the calls of signals and properties again. Called while no lock is held, when calls can be made.</summary>
    internal void Resubscribe() => Volatile.Read(ref _subscriptions)?.OnBound();
}
