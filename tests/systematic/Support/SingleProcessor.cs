namespace Signals.Systematic.Support;

/// <summary>Environment of a machine with a single processor.</summary>
internal static class SingleProcessor
{
    internal static int ProcessorCount => 1;

    internal static int ProcessId => System.Environment.ProcessId;

    internal static int CurrentManagedThreadId => System.Environment.CurrentManagedThreadId;
}
