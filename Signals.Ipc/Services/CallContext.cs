namespace Signals.Ipc;

/// <summary>Provides a service's method with information about a call besides its request. Several calls may share one context.</summary>
public sealed class CallContext
{
    /// <summary>A value that indicates whether this is the context of a single call of a streaming method.</summary>
    private readonly bool _isOfStream;

    /// <summary>
    /// Initializes a new instance of the <see cref="CallContext"/> class. Hosts create contexts; the tests of a service may create them too.
    /// </summary>
    /// <param name="client">The client that makes the call.</param>
    /// <param name="methodName">The name of the called method in the .proto file.</param>
    /// <param name="wantsReply"><see langword="true"/> if the reply is sent to the client; otherwise, <see langword="false"/>.</param>
    /// <param name="cancellationToken">A token that is cancelled when the client disconnects.</param>
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

    /// <summary>Initializes the context of one call of a streaming method, which may mark its last reply.</summary>
    /// <param name="shared">The context that the client's calls of the method share.</param>
    internal CallContext(CallContext shared)
        : this(shared.Client, shared.MethodName, shared.WantsReply, shared.CancellationToken) => _isOfStream = true;

    /// <summary>Gets the client that makes the call.</summary>
    public ClientInfo Client { get; }

    /// <summary>Gets the name of the called method in the .proto file.</summary>
    public string MethodName { get; }

    /// <summary>
    /// Gets a value that indicates whether the client wants a reply. If it does not, neither the method's reply nor its failure is sent.
    /// </summary>
    public bool WantsReply { get; }

    /// <summary>Gets a token that is cancelled when the client disconnects or the host stops: the reply is no longer awaited.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Gets a value that indicates whether the stream ends with the reply that its method yields next.</summary>
    internal bool EndsWithNextReply { get; private set; }

    /// <summary>
    /// Marks a reply as the last one of a stream: <c>yield return context.LastReply(reply);</c>. The end of the stream is sent with this reply.
    /// </summary>
    /// <remarks>
    /// <para>A method that ends without awaiting anything after its last reply does not need the mark. If the method awaits there, or yields no
    /// reply at all, the end of the stream is sent as a separate, empty reply. Clients of this library do not report that reply to their callers;
    /// clients of Perfetto's library take it for one more message.</para>
    /// <para>The method does not resume after the marked reply: its <c>finally</c> blocks run, and it ends. In a method that does not stream,
    /// and on a context that a test created, this method only returns the reply.</para>
    /// </remarks>
    /// <typeparam name="TReply">The type of the reply.</typeparam>
    /// <param name="reply">The reply, which the method must yield next.</param>
    /// <returns><paramref name="reply"/>.</returns>
    public TReply LastReply<TReply>(TReply reply)
    {
        EndsWithNextReply = _isOfStream;
        return reply;
    }
}
