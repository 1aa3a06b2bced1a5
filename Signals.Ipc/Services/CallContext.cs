namespace Signals.Ipc;

/// <summary>What a service's method may want to know of a call, besides the request. Calls may share one.</summary>
public sealed class CallContext
{
    /// <summary>Indicates whether this is the context of one call alone, of a streaming method.</summary>
    private readonly bool _isOfStream;

    /// <summary>Makes a context. Hosts do that; a test of a service may do it, too.</summary>
    /// <param name="client">Who calls.</param>
    /// <param name="methodName">What is called.</param>
    /// <param name="wantsReply">Whether the answer will be sent.</param>
    /// <param name="cancellationToken">Cancelled when the client has gone.</param>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="methodName"/> is null.</exception>
    public CallContext(ClientInfo client, string methodName, bool wantsReply = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(methodName);
        Client = client;
        MethodName = methodName;
        WantsReply = wantsReply;
        CancellationToken = cancellationToken;
    }

    /// <summary>Makes the context of one call of a streaming method, which may mark its last reply.</summary>
    /// <param name="shared">The context that the client's calls of the method share.</param>
    internal CallContext(CallContext shared)
        : this(shared.Client, shared.MethodName, shared.WantsReply, shared.CancellationToken) => _isOfStream = true;

    /// <summary>Who calls.</summary>
    public ClientInfo Client { get; }

    /// <summary>The method's name in the .proto.</summary>
    public string MethodName { get; }

    /// <summary>False when the client does not want an answer: whatever the method answers, and whether it fails, is not sent.</summary>
    public bool WantsReply { get; }

    /// <summary>Cancelled when the client has disconnected or the host has stopped: nobody waits for an answer any more.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Indicates whether the stream ends with the reply that its method yields next.</summary>
    internal bool EndsWithNextReply { get; private set; }

    /// <summary>
    /// Marks a reply as the last one of a stream: <c>yield return context.LastReply(reply);</c>. The end of the stream is sent with it.
    /// </summary>
    /// <remarks>
    /// <para>A stream whose method yields its last reply and ends without awaiting anything in between needs no mark. If the method awaits there, or
    /// yields no reply at all, the end goes out as an empty reply of its own, which clients of this library do not show, but those of Perfetto's
    /// library take for one more message.</para>
    /// <para>The method is not resumed behind the marked reply: its <c>finally</c> blocks run, and it ends. In a method that does not stream,
    /// and in a context that a test has made, this only returns the reply.</para>
    /// </remarks>
    /// <typeparam name="TReply">The type of the reply.</typeparam>
    /// <param name="reply">The reply, which the method has to yield next.</param>
    /// <returns><paramref name="reply"/>.</returns>
    public TReply LastReply<TReply>(TReply reply)
    {
        EndsWithNextReply = _isOfStream;
        return reply;
    }
}
