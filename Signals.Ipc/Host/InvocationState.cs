namespace Signals.Ipc.Host;

/// <summary>Progress of a call that a client's receive loop carries out.</summary>
internal enum InvocationState
{
    /// <summary>No call is active, or the call is counted as pending.</summary>
    None,

    /// <summary>The method of the call is running.</summary>
    Running,

    /// <summary>The method has returned or thrown, and its reply is being handed over.</summary>
    Replying,
}
