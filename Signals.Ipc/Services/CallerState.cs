namespace Signals.Ipc.Services;

/// <summary>State of a client as the receiver of replies.</summary>
internal enum CallerState
{
    /// <summary>The client accepts replies.</summary>
    Ready,

    /// <summary>The limit of bytes that may wait for the client to read them is reached.</summary>
    Full,

    /// <summary>The client has disconnected.</summary>
    Gone,
}
