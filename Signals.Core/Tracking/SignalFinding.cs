namespace Signals;

/// <summary>Something in a <see cref="SignalSnapshot"/> that is probably a mistake of the program. Immutable.</summary>
public sealed class SignalFinding
{
    internal SignalFinding(SignalFindingKind kind, string message, IReadOnlyList<ConnectionInfo> connections) =>
        (Kind, Message, Connections) = (kind, message, connections);

    /// <summary>Gets the kind.</summary>
    public SignalFindingKind Kind { get; }

    /// <summary>Gets a sentence that names the signal and the slot.</summary>
    public string Message { get; }

    /// <summary>Gets the connections: one, or several that were made twice.</summary>
    public IReadOnlyList<ConnectionInfo> Connections { get; }

    /// <summary>Returns the message.</summary>
    /// <returns>The <see cref="Message"/>.</returns>
    public override string ToString() => Message;
}
