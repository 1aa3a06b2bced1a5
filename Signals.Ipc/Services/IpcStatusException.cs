namespace Signals.Ipc;

/// <summary>
/// The exception that a service's method throws to fail its call with a status. The caller receives an <see cref="IpcCallException"/> with the same
/// status and message, if the host sends statuses to it.
/// </summary>
/// <param name="statusCode">The status.</param>
/// <param name="message">The message for the caller. It is cut if it does not fit into a frame, or exceeds 4 KiB.</param>
public sealed class IpcStatusException(IpcStatusCode statusCode, string message) : Exception(message)
{
    /// <summary>Gets the status.</summary>
    public IpcStatusCode StatusCode { get; } = Check(statusCode);

    private static IpcStatusCode Check(IpcStatusCode statusCode) =>
        statusCode is > IpcStatusCode.OK and <= IpcStatusCode.Unauthenticated
            ? statusCode
            : throw new ArgumentOutOfRangeException(nameof(statusCode), statusCode, "The status of a failure is a code other than OK.");
}
