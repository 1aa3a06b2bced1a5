namespace Signals.Ipc;

/// <summary>Something between two processes went wrong.</summary>
public class IpcException : Exception
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public IpcException() { }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What went wrong.</param>
    public IpcException(string message)
        : base(message) { }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What made it so.</param>
    public IpcException(string message, Exception? innerException)
        : base(message, innerException) { }
}
