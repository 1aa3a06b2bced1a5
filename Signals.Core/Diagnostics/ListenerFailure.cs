using System.Collections.Concurrent;
using System.Diagnostics;

namespace Signals;

/// <summary>
/// Writes exceptions of listeners of activities and instruments, which are user code and must not affect the library, to the trace of the process, once
/// for each type. Other libraries that have instruments compile this file, too.
/// </summary>
internal static class ListenerFailure
{
    private static readonly ConcurrentDictionary<Type, bool> Written = new();

    internal static void Report(Exception exception)
    {
        if (!Written.TryAdd(exception.GetType(), true))
        {
            return;
        }

        try
        {
            Trace.TraceError($"A listener of the telemetry of {typeof(ListenerFailure).Assembly.GetName().Name} threw an exception: {exception}");
        }
        catch (Exception)
        {
            // Listeners of the trace are user code, too.
        }
    }

    /// <summary>
    /// Creates a source of telemetry, of which listeners are notified. Returns null if a listener throws: the source is then not used.
    /// </summary>
    internal static T? TryCreate<T>(Func<T> create)
        where T : class
    {
        try
        {
            return create();
        }
        catch (Exception exception)
        {
            Report(exception);
            return null;
        }
    }
}
