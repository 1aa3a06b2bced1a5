namespace Signals.Ipc;

/// <summary>The exception that is thrown when a service fails a call, or its reply cannot be decoded. The connection is not affected.</summary>
public sealed class IpcCallException : IpcException
{
    /// <summary>Initializes a new instance of the <see cref="IpcCallException"/> class with a default message.</summary>
    public IpcCallException() { }

    /// <summary>Initializes a new instance of the <see cref="IpcCallException"/> class with a message.</summary>
    /// <param name="message">The message that describes the error.</param>
    public IpcCallException(string message)
        : base(message) { }

    /// <summary>Initializes a new instance of the <see cref="IpcCallException"/> class with a message and its cause.</summary>
    /// <param name="message">The message that describes the error.</param>
    /// <param name="innerException">The exception that caused this one, or null.</param>
    public IpcCallException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>Initializes a new instance of the <see cref="IpcCallException"/> class for a call that failed with a status.</summary>
    /// <param name="statusCode">The status.</param>
    /// <param name="statusMessage">The text that came with the status, or an empty string.</param>
    /// <param name="message">The message that describes the error. The text of the status is appended to it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="statusMessage"/> is null.</exception>
    public IpcCallException(IpcStatusCode statusCode, string statusMessage, string message)
        : base(Join(message, statusMessage))
    {
        StatusCode = statusCode;
        StatusMessage = statusMessage;
    }

    /// <summary>Initializes a new instance of the <see cref="IpcCallException"/> class that interceptors see instead of another exception.</summary>
    internal IpcCallException(IpcStatusCode statusCode, Exception original)
        : base(original.Message, original)
    {
        StatusCode = statusCode;
        Original = original;
    }

    /// <summary>Gets the status of the call. <see cref="IpcStatusCode.Unknown"/> if the host did not send one.</summary>
    public IpcStatusCode StatusCode { get; } = IpcStatusCode.Unknown;

    /// <summary>Gets the text that the service sent with the status, or an empty string.</summary>
    public string StatusMessage { get; } = "";

    /// <summary>Gets the exception that the caller gets instead of this one, which only interceptors see; otherwise, null.</summary>
    internal Exception? Original { get; }

    private static string Join(string message, string statusMessage)
    {
        ArgumentNullException.ThrowIfNull(statusMessage);
        return statusMessage.Length == 0 ? message : $"{message} {statusMessage}";
    }
}
