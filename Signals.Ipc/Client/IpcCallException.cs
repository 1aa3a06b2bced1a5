namespace Signals.Ipc;

/// <summary>The service did not carry out a call, or its answer cannot be understood. The connection is not affected.</summary>
public sealed class IpcCallException : IpcException
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public IpcCallException() { }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What went wrong.</param>
    public IpcCallException(string message)
        : base(message) { }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What made it so.</param>
    public IpcCallException(string message, Exception? innerException)
        : base(message, innerException) { }
}
