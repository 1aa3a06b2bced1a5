namespace Signals.Tool;

/// <summary>The exit codes of the tool.</summary>
internal static class ToolExit
{
    internal const int Success = 0;

    /// <summary>The call failed, or the host does not have the service, the method or the signal.</summary>
    internal const int Failed = 1;

    /// <summary>The arguments are wrong, the JSON and the endpoint included.</summary>
    internal const int Misuse = 2;

    /// <summary>There is no connection to the host, or it was lost.</summary>
    internal const int NotConnected = 3;

    /// <summary>The user pressed Ctrl+C.</summary>
    internal const int Interrupted = 130;
}
