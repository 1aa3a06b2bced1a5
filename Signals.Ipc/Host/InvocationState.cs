namespace Signals.Ipc.Host;

/// <summary>How far a call is that a client's receive loop carries out.</summary>
internal enum InvocationState
{
    /// <summary>There is none, or it is counted as pending.</summary>
    None,

    /// <summary>Its method is running.</summary>
    Running,

    /// <summary>Its method has returned or thrown, and its reply is handed over.</summary>
    Replying,
}
