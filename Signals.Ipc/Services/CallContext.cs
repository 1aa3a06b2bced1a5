namespace Signals.Ipc;

/// <summary>What a service's method may want to know of a call, besides the request. Calls may share one.</summary>
public sealed class CallContext
{
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

    /// <summary>Who calls.</summary>
    public ClientInfo Client { get; }

    /// <summary>The method's name in the .proto.</summary>
    public string MethodName { get; }

    /// <summary>False when the client does not want an answer: whatever the method answers, and whether it fails, is not sent.</summary>
    public bool WantsReply { get; }

    /// <summary>Cancelled when the client has disconnected or the host has stopped: nobody waits for an answer any more.</summary>
    public CancellationToken CancellationToken { get; }
}
