namespace Signals.Ipc;

/// <summary>The exception that is thrown when the communication between two processes fails.</summary>
public class IpcException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="IpcException"/> class with the default message.</summary>
    public IpcException() { }

    /// <summary>Initializes a new instance of the <see cref="IpcException"/> class with a message.</summary>
    /// <param name="message">The message that describes the error.</param>
    public IpcException(string message)
        : base(message) { }

    /// <summary>Initializes a new instance of the <see cref="IpcException"/> class with a message and the exception that caused it.</summary>
    /// <param name="message">The message that describes the error.</param>
    /// <param name="innerException">The exception that caused this one, or null.</param>
    public IpcException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>Gets a value that indicates whether a message was not sent because it does not fit into a frame.</summary>
    internal bool IsFrameTooLarge { get; init; }
}
