using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Ipc.Services;

namespace Signals.Ipc;

/// <summary>
/// Base class of the services that a host exposes. The constructor of a derived class registers a method for each rpc of the .proto file:
/// <code>
/// Unary&lt;GreeterRequestMsg, GreeterReplyMsg&gt;(SayHello);
/// Stream&lt;GreeterRequestMsg, GreeterReplyMsg&gt;(WatchGreetings);
/// </code>
/// Methods are called on the thread that reads from the client: one after another for the calls of one client, in the order of the calls, and
/// concurrently for the calls of several clients. A method that has to wait should await. If it blocks for longer than a few milliseconds, the next calls of
/// the client are started meanwhile on another thread, except one-way calls behind a one-way call; see <see cref="IpcHostOptions.SerializeCalls"/>.
/// </summary>
public abstract class Service
{
    /// <summary>The handlers of the rpcs, in the order of the .proto file. Null for an rpc that has no method yet.</summary>
    private readonly MethodHandler?[] _handlers;

    /// <summary>Initializes a new instance of the <see cref="Service"/> class.</summary>
    /// <param name="descriptor">The descriptor of the service, for instance <c>GreeterReflection.Descriptor.Services[0]</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="descriptor"/> is null.</exception>
    /// <exception cref="ArgumentException">An rpc takes a stream of requests, which the protocol does not support.</exception>
    protected Service(ServiceDescriptor descriptor)
    {
        Table = MethodTable.Of(descriptor);
        Descriptor = descriptor;
        _handlers = new MethodHandler?[Table.Methods.Count];
    }

    /// <summary>Gets the descriptor of the service, from the class that was generated from its .proto file.</summary>
    public ServiceDescriptor Descriptor { get; }

    internal MethodTable Table { get; }

    /// <summary>Returns the handlers of the rpcs, in the order of the .proto file.</summary>
    /// <exception cref="InvalidOperationException">An rpc has no method.</exception>
    internal MethodHandler[] GetHandlers()
    {
        int missing = Array.IndexOf(_handlers, null);
        return missing < 0
            ? Array.ConvertAll(_handlers, handler => handler!)
            : throw new InvalidOperationException($"{GetType().Name} does not register a method for rpc {Table.Methods[missing].FullName}.");
    }

    /// <summary>Registers a method with one reply, which it returns at once or later.</summary>
    /// <typeparam name="TRequest">The type of the request.</typeparam>
    /// <typeparam name="TReply">The type of the reply.</typeparam>
    /// <param name="handler">The method. If it throws, the call fails.</param>
    /// <param name="method">The name of the rpc. By default that of <paramref name="handler"/>, with or without the suffix "Async".</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="method"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The .proto file has no such rpc or declares it otherwise, or it already has a method.</exception>
    [OverloadResolutionPriority(1)]
    protected void Unary<TRequest, TReply>(
        Func<TRequest, CallContext, ValueTask<TReply>> handler,
        [CallerArgumentExpression(nameof(handler))] string method = ""
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(handler);
        ServiceMethod rpc = Take<TRequest, TReply>(method, isStream: false);
        _handlers[rpc.Index] = new UnaryHandler<TRequest, TReply>(ParserOf<TRequest>(rpc), handler);
    }

    /// <inheritdoc cref="Unary{TRequest, TReply}(Func{TRequest, CallContext, ValueTask{TReply}}, string)"/>
    protected void Unary<TRequest, TReply>(
        Func<TRequest, CallContext, Task<TReply>> handler,
        [CallerArgumentExpression(nameof(handler))] string method = ""
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Unary<TRequest, TReply>((request, context) => new ValueTask<TReply>(handler(request, context)), method);
    }

    /// <inheritdoc cref="Unary{TRequest, TReply}(Func{TRequest, CallContext, ValueTask{TReply}}, string)"/>
    protected void Unary<TRequest, TReply>(Func<TRequest, CallContext, TReply> handler, [CallerArgumentExpression(nameof(handler))] string method = "")
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(handler);
        Unary<TRequest, TReply>((request, context) => new ValueTask<TReply>(handler(request, context)), method);
    }

    /// <summary>
    /// Registers a method with a stream of replies. A reply is sent when the method awaits something, yields the next reply or ends. While the client
    /// accepts no more replies, the method is not asked for the next one. When the client disconnects, the token is canceled and the enumerator
    /// disposed.
    /// </summary>
    /// <typeparam name="TRequest">The type of the request.</typeparam>
    /// <typeparam name="TReply">The type of the replies.</typeparam>
    /// <param name="handler">The method. If it throws, the call fails.</param>
    /// <param name="method">The name of the rpc. By default that of <paramref name="handler"/>, with or without the suffix "Async".</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="method"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The .proto file has no such rpc or declares it otherwise, or it already has a method.</exception>
    protected void Stream<TRequest, TReply>(
        Func<TRequest, CallContext, IAsyncEnumerable<TReply>> handler,
        [CallerArgumentExpression(nameof(handler))] string method = ""
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(handler);
        ServiceMethod rpc = Take<TRequest, TReply>(method, isStream: true);
        _handlers[rpc.Index] = new StreamHandler<TRequest, TReply>(ParserOf<TRequest>(rpc), handler);
    }

    /// <summary>
    /// Registers a signal whose emissions are the replies of a stream. Each call connects to the signal when it begins, and disconnects when it ends: when
    /// it is canceled, the client disconnects, the signal is disposed or the host begins to stop.
    /// </summary>
    /// <remarks>
    /// An emission copies the message into the queue of each call, and never waits for a client. If a client is so slow that more than 1,024
    /// messages, or messages of more than 1 MiB, are queued, its call fails with <see cref="IpcStatusCode.ResourceExhausted"/> after they have been sent.
    /// </remarks>
    /// <typeparam name="TRequest">The type of the request, which is ignored.</typeparam>
    /// <typeparam name="TReply">The type of the replies.</typeparam>
    /// <param name="signal">The signal. Emitting null throws <see cref="ArgumentNullException"/> while there are calls.</param>
    /// <param name="method">The name of the rpc. The default is the name of the field or property that is passed as <paramref name="signal"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> or <paramref name="method"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The .proto file has no such rpc or declares it otherwise, or it already has a method.</exception>
    protected void Stream<TRequest, TReply>(ISignal<TReply> signal, [CallerArgumentExpression(nameof(signal))] string method = "")
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(signal);
        Subscription<TRequest, TReply>((_, context) => SignalReplies.Of(signal, context), method);
    }

    /// <summary>
    /// Registers a property whose values are the replies of a stream: first the current value, then the changes. Each call connects to the property when it
    /// begins, and disconnects when it ends: when it is canceled, the client disconnects, the property is disposed or the host begins to stop.
    /// </summary>
    /// <remarks>
    /// A change copies the message for each call, and never waits for a client. If several changes have not yet been sent to a client, only the
    /// last one is sent.
    /// </remarks>
    /// <typeparam name="TRequest">The type of the request, which is ignored.</typeparam>
    /// <typeparam name="TReply">The type of the replies.</typeparam>
    /// <param name="property">The property, whose value must not be null. Do not change a message that is its value: set another message.</param>
    /// <param name="method">The name of the rpc. The default is the name of the field or property that is passed as <paramref name="property"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="property"/> or <paramref name="method"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The .proto file has no such rpc or declares it otherwise, or it already has a method.</exception>
    protected void Stream<TRequest, TReply>(IReadOnlyProperty<TReply> property, [CallerArgumentExpression(nameof(property))] string method = "")
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(property);
        Subscription<TRequest, TReply>((_, context) => SignalReplies.Of(property, context), method);
    }

    /// <summary>
    /// Registers a method that replies with a <see cref="ReplyWriter{TReply}"/>: at any time and, if it returns a stream, any number of times.
    /// </summary>
    /// <typeparam name="TRequest">The type of the request.</typeparam>
    /// <typeparam name="TReply">The type of the replies.</typeparam>
    /// <param name="handler">The method. If it throws, the call fails.</param>
    /// <param name="method">The name of the rpc. By default that of <paramref name="handler"/>, with or without the suffix "Async".</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="method"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The .proto file has no such rpc or declares it otherwise, or it already has a method.</exception>
    protected void Manual<TRequest, TReply>(Action<TRequest, ReplyWriter<TReply>> handler, [CallerArgumentExpression(nameof(handler))] string method = "")
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(handler);
        ServiceMethod rpc = Take<TRequest, TReply>(method, isStream: null);
        _handlers[rpc.Index] = new ManualHandler<TRequest, TReply>(ParserOf<TRequest>(rpc), rpc.IsStreaming, handler);
    }

    private void Subscription<TRequest, TReply>(Func<TRequest, CallContext, IAsyncEnumerable<TReply>> handler, string method)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ServiceMethod rpc = Take<TRequest, TReply>(method, isStream: true);
        _handlers[rpc.Index] = new StreamHandler<TRequest, TReply>(ParserOf<TRequest>(rpc), handler, isSubscription: true);
    }

    /// <summary>Returns the rpc that a method is to be registered for, if it has none yet.</summary>
    /// <param name="method">The name of the rpc, or the expression that was passed as the handler.</param>
    /// <param name="isStream">A value that indicates whether the method returns a stream, or null if either is allowed.</param>
    private ServiceMethod Take<TRequest, TReply>(string method, bool? isStream)
    {
        ArgumentNullException.ThrowIfNull(method);
        ServiceMethod rpc = Table.Get(method[(method.LastIndexOf('.') + 1)..]);
        if (isStream is { } expected && expected != rpc.IsStreaming)
        {
            throw new InvalidOperationException(
                rpc.IsStreaming
                    ? $"rpc {rpc.FullName} returns a stream in the .proto file. Register it with {nameof(Stream)}."
                    : $"rpc {rpc.FullName} returns one message in the .proto file. Register it with {nameof(Unary)}."
            );
        }

        CheckType(rpc, "takes", rpc.RequestType, typeof(TRequest));
        CheckType(rpc, "returns", rpc.ReplyType, typeof(TReply));
        return _handlers[rpc.Index] is null ? rpc : throw new InvalidOperationException($"{GetType().Name} registers two methods for rpc {rpc.FullName}.");
    }

    private static void CheckType(ServiceMethod method, string verb, Type expected, Type given)
    {
        if (expected != given)
        {
            throw new InvalidOperationException($"rpc {method.FullName} {verb} {expected.Name} in the .proto file, not {given.Name}.");
        }
    }

    private static MessageParser<TRequest> ParserOf<TRequest>(ServiceMethod method)
        where TRequest : class, IMessage<TRequest> => (MessageParser<TRequest>)method.RequestParser;
}
