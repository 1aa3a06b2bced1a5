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
}
