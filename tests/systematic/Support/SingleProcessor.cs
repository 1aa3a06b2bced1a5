namespace Signals.Systematic.Support;

/// <summary>Environment of a machine with a single processor.</summary>
internal static class SingleProcessor
{
    internal static int ProcessorCount => 1;

    internal static int ProcessId => System.Environment.ProcessId;

    internal static string? ProcessPath => System.Environment.ProcessPath;

    internal static int CurrentManagedThreadId => System.Environment.CurrentManagedThreadId;

    /// <summary>Gets the time in milliseconds, which is not measured here: schedules must not depend on it.</summary>
    internal static int TickCount => 0;

    /// <summary>Returns null for every name: no service manager passes sockets.</summary>
    internal static string? GetEnvironmentVariable(string name) => null;
}
