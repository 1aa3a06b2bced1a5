namespace Signals;

/// <summary>
/// Thrown when a computed property needs its own result, when a computation writes a property, and when the effects of a change keep
/// making further changes.
/// </summary>
public sealed class PropertyCycleException : InvalidOperationException
{
    /// <summary>Initializes an exception with a default message.</summary>
    public PropertyCycleException()
        : base("A property depends on itself.") { }

    /// <summary>Initializes an exception.</summary>
    /// <param name="message">The message, which names the properties.</param>
    public PropertyCycleException(string message)
        : base(message) { }

    /// <summary>Initializes an exception with a cause.</summary>
    /// <param name="message">The message, which names the properties.</param>
    /// <param name="innerException">The cause.</param>
    public PropertyCycleException(string message, Exception innerException)
        : base(message, innerException) { }
}
