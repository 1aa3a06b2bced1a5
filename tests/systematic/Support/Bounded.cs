using System.Diagnostics.CodeAnalysis;

// Of the helpers that this program shares with the tests.
[assembly: SuppressMessage(
    "Style",
    "IDE0130",
    Justification = "Stands in for a type of the tests.",
    Scope = "namespace",
    Target = "~N:Signals.Tests.Support"
)]

namespace Signals.Tests.Support;

/// <summary>The waits of the helpers that are shared with the tests: without a limit, as the exploration detects a wait that never ends.</summary>
internal static class Bounded
{
    internal static Task<T> Within<T>(this Task<T> task, string what)
    {
        _ = what;
        return task;
    }

    internal static Task<T> Within<T>(this ValueTask<T> task, string what)
    {
        _ = what;
        return task.AsTask();
    }
}
