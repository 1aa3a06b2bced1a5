namespace Signals.Ipc;

/// <summary>A call could not be completed because there is no connection to the service, or there is none any more.</summary>
public sealed class IpcDisconnectedException : IpcException
{
    /// <summary>Makes an exception without a reason.</summary>
    public IpcDisconnectedException()
        : this("There is no connection to the service.") { }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What went wrong.</param>
    public IpcDisconnectedException(string message)
        : this(message, null) { }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What made it so.</param>
    public IpcDisconnectedException(string message, Exception? innerException)
        : base(message, innerException) => Reason = new DisconnectReason(DisconnectCause.ConnectionLost, message, innerException);

    /// <summary>Makes an exception for a call that was under way.</summary>
    /// <param name="reason">Why the connection ended.</param>
    /// <param name="requestMayHaveBeenSent">Whether the request may have been sent.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reason"/> is null.</exception>
    public IpcDisconnectedException(DisconnectReason reason, bool requestMayHaveBeenSent)
        : this(reason, Describe(reason, requestMayHaveBeenSent)) => RequestMayHaveBeenSent = requestMayHaveBeenSent;

    private IpcDisconnectedException(DisconnectReason reason, string message)
        : base(message, reason.Exception) => Reason = reason;

    /// <summary>Why there is no connection.</summary>
    public DisconnectReason Reason { get; }

    /// <summary>
    /// Whether the request may have reached the service: it had been handed to the system, or, where only the proxy has ended, it is still being sent.
    /// If so, the service may carry it out; if not, it has not and will not.
    /// </summary>
    public bool RequestMayHaveBeenSent { get; }

    /// <summary>What whoever waits for a proxy to be bound is told.</summary>
    internal static IpcDisconnectedException OfBinding(DisconnectReason reason) => new(reason, $"The proxy was not bound. {reason.Message}");

    private static string Describe(DisconnectReason reason, bool requestMayHaveBeenSent)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return requestMayHaveBeenSent
            ? $"The connection ended after the request was sent, so the call may or may not have been carried out. {reason.Message}"
            : $"The request was not sent, so the call has not been carried out. {reason.Message}";
    }
}
