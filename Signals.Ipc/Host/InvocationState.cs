namespace Signals.Ipc.Host;

/// <summary>The progress of a call that a client's receive loop executes.</summary>
internal enum InvocationState
{
    /// <summary>No call is active, or the call is counted as pending.</summary>
    None,

    /// <summary>The method of the call is running.</summary>
    Running,

    /// <summary>The method has returned or thrown, and its reply is being passed to the sender.</summary>
    Replying,
}
