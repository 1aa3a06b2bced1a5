namespace Signals.Ipc;

/// <summary>The exception that is thrown when a call cannot be completed because there is no connection to the service, or it was lost.</summary>
public sealed class IpcDisconnectedException : IpcException
{
    /// <summary>Initializes a new instance of the <see cref="IpcDisconnectedException"/> class with a default message.</summary>
    public IpcDisconnectedException()
        : this("There is no connection to the service.") { }

    /// <summary>Initializes a new instance of the <see cref="IpcDisconnectedException"/> class with a message.</summary>
    /// <param name="message">The message that describes the error.</param>
    public IpcDisconnectedException(string message)
        : this(message, null) { }

    /// <summary>Initializes a new instance of the <see cref="IpcDisconnectedException"/> class with a message and its cause.</summary>
    /// <param name="message">The message that describes the error.</param>
    /// <param name="innerException">The exception that caused this one, or null.</param>
    public IpcDisconnectedException(string message, Exception? innerException)
        : base(message, innerException) => Reason = new DisconnectReason(DisconnectCause.ConnectionLost, message, innerException);

    /// <summary>Initializes a new instance of the <see cref="IpcDisconnectedException"/> class for a pending call.</summary>
    /// <param name="reason">The reason for which the connection ended.</param>
    /// <param name="requestMayHaveBeenSent">A value that indicates whether the request may have been sent.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reason"/> is null.</exception>
    public IpcDisconnectedException(DisconnectReason reason, bool requestMayHaveBeenSent)
        : this(reason, Describe(reason, requestMayHaveBeenSent)) => RequestMayHaveBeenSent = requestMayHaveBeenSent;

    private IpcDisconnectedException(DisconnectReason reason, string message)
        : base(message, reason.Exception) => Reason = reason;

    /// <summary>Gets the reason for which there is no connection.</summary>
    public DisconnectReason Reason { get; }

    /// <summary>
    /// Gets a value that indicates whether the request may have reached the service: it had been passed to the operating system or, if only the proxy
    /// was disposed, is still being sent. If true, the service may carry out the call; if false, it has not carried it out and will not.
    /// </summary>
    public bool RequestMayHaveBeenSent { get; }

    /// <summary>Returns the exception that ends a pending <see cref="IpcClient.BindAsync"/>.</summary>
    internal static IpcDisconnectedException OfBinding(DisconnectReason reason) => new(reason, $"The proxy was not bound. {reason.Message}");

    private static string Describe(DisconnectReason reason, bool requestMayHaveBeenSent)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return requestMayHaveBeenSent
            ? $"The connection ended after the request was sent, so the call may or may not have been carried out. {reason.Message}"
            : $"The request was not sent, so the call has not been carried out. {reason.Message}";
    }
}
