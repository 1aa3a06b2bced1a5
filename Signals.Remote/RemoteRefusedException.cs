namespace Signals.Remote;

/// <summary>The exporter has refused a subscription or a request to set a property.</summary>
public sealed class RemoteRefusedException : Exception
{
    /// <summary>Initializes an exception with a default message.</summary>
    public RemoteRefusedException()
        : base("The exporter has refused the request.") { }

    /// <summary>Initializes an exception with a message.</summary>
    /// <param name="message">The reason.</param>
    public RemoteRefusedException(string message)
        : base(message) { }

    /// <summary>Initializes an exception with a message and a cause.</summary>
    /// <param name="message">The reason.</param>
    /// <param name="innerException">The cause.</param>
    public RemoteRefusedException(string message, Exception innerException)
        : base(message, innerException) { }
}
