namespace Signals.Tests.Support;

/// <summary>Helper for thrown exceptions.</summary>
internal static class Thrown
{
    /// <summary>
    /// Returns the exceptions in the order in which they were thrown: a single one as it is, several from their
    /// <see cref="AggregateException"/>s.
    /// </summary>
    internal static Exception[] By(Exception? exception) =>
        exception switch
        {
            null => [],
            AggregateException several => [.. several.Flatten().InnerExceptions],
            _ => [exception],
        };
}
