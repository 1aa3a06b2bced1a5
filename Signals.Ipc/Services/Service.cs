using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Ipc.Services;

namespace Signals.Ipc;

/// <summary>
/// A service that a host exposes. A class that derives from it registers in its constructor what answers each rpc of the .proto:
/// <code>
/// Unary&lt;GreeterRequestMsg, GreeterReplyMsg&gt;(SayHello);
/// Stream&lt;GreeterRequestMsg, GreeterReplyMsg&gt;(WatchGreetings);
/// </code>
/// Methods are called on the thread that reads from the client, those of one client in the order of its calls and those of several at the
/// same time. A method that has to wait should await: as long as it blocks, no other call of the same client is read.
/// </summary>
public abstract class Service
{
    /// <summary>What runs each rpc, in the order of the .proto; null where nothing is registered yet.</summary>
    private readonly MethodHandler?[] _handlers;

    /// <summary>Makes a service.</summary>
    /// <param name="descriptor">The service in the .proto, for instance <c>GreeterReflection.Descriptor.Services[0]</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="descriptor"/> is null.</exception>
    /// <exception cref="ArgumentException">An rpc takes a stream of requests, which the protocol does not know.</exception>
    protected Service(ServiceDescriptor descriptor)
    {
        Table = MethodTable.Of(descriptor);
        Descriptor = descriptor;
        _handlers = new MethodHandler?[Table.Methods.Count];
    }

    /// <summary>The service in the .proto.</summary>
    public ServiceDescriptor Descriptor { get; }

    internal MethodTable Table { get; }

    /// <summary>What answers each rpc, in the order of the .proto.</summary>
    /// <exception cref="InvalidOperationException">An rpc has no method.</exception>
    internal MethodHandler[] GetHandlers()
    {
        int missing = Array.IndexOf(_handlers, null);
        return missing < 0
            ? Array.ConvertAll(_handlers, handler => handler!)
            : throw new InvalidOperationException($"{GetType().Name} registers no method for rpc {Table.Methods[missing].FullName}.");
    }

    /// <summary>Registers a method that answers once, at once or later.</summary>
    /// <typeparam name="TRequest">The type of the request.</typeparam>
    /// <typeparam name="TReply">The type of the answer.</typeparam>
    /// <param name="handler">The method. What it throws, the client gets as a failed call.</param>
    /// <param name="method">The rpc's name: that of <paramref name="handler"/>, an ending "Async" aside, unless it is given.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="method"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The .proto has no such rpc, or says otherwise, or it has a method already.</exception>
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
    /// Registers a method that answers any number of times. An answer is sent when the method waits for something, yields the next one or
    /// ends. While the client takes no more answers, the method is not asked for the next one; when the client has gone, the
    /// token is cancelled and the enumerator disposed.
    /// </summary>
    /// <typeparam name="TRequest">The type of the request.</typeparam>
    /// <typeparam name="TReply">The type of the answers.</typeparam>
    /// <param name="handler">The method. What it throws, the client gets as a failed call.</param>
    /// <param name="method">The rpc's name: that of <paramref name="handler"/>, an ending "Async" aside, unless it is given.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="method"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The .proto has no such rpc, or says otherwise, or it has a method already.</exception>
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

    /// <summary>Registers a method that answers with a <see cref="ReplyWriter{TReply}"/>: whenever and, in a stream, as often as it likes.</summary>
    /// <typeparam name="TRequest">The type of the request.</typeparam>
    /// <typeparam name="TReply">The type of the answers.</typeparam>
    /// <param name="handler">The method. What it throws, the client gets as a failed call.</param>
    /// <param name="method">The rpc's name: that of <paramref name="handler"/>, an ending "Async" aside, unless it is given.</param>
    /// <exception cref="ArgumentNullException"><paramref name="handler"/> or <paramref name="method"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The .proto has no such rpc, or says otherwise, or it has a method already.</exception>
    protected void Manual<TRequest, TReply>(Action<TRequest, ReplyWriter<TReply>> handler, [CallerArgumentExpression(nameof(handler))] string method = "")
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(handler);
        ServiceMethod rpc = Take<TRequest, TReply>(method, isStream: null);
        _handlers[rpc.Index] = new ManualHandler<TRequest, TReply>(ParserOf<TRequest>(rpc), rpc.IsStreaming, handler);
    }

    /// <param name="method">What names the rpc: its name, or the expression that the handler was given by.</param>
    /// <param name="isStream">Whether the method answers with a stream, or null if it may do either.</param>
    private ServiceMethod Take<TRequest, TReply>(string method, bool? isStream)
    {
        ArgumentNullException.ThrowIfNull(method);
        ServiceMethod rpc = Table.Get(method[(method.LastIndexOf('.') + 1)..]);
        if (isStream is { } expected && expected != rpc.IsStreaming)
        {
            throw new InvalidOperationException(
                rpc.IsStreaming
                    ? $"rpc {rpc.FullName} returns a stream in the .proto: register it with {nameof(Stream)}."
                    : $"rpc {rpc.FullName} returns one message in the .proto: register it with {nameof(Unary)}."
            );
        }

        CheckType(rpc, "takes", rpc.RequestType, typeof(TRequest));
        CheckType(rpc, "returns", rpc.ReplyType, typeof(TReply));
        return _handlers[rpc.Index] is null
            ? rpc
            : throw new InvalidOperationException($"{GetType().Name} registers two methods for rpc {rpc.FullName}.");
    }

    private static void CheckType(ServiceMethod method, string verb, Type expected, Type given)
    {
        if (expected != given)
        {
            throw new InvalidOperationException($"rpc {method.FullName} {verb} {expected.Name} in the .proto, not {given.Name}.");
        }
    }

    private static MessageParser<TRequest> ParserOf<TRequest>(ServiceMethod method)
        where TRequest : class, IMessage<TRequest> => (MessageParser<TRequest>)method.RequestParser;
}
