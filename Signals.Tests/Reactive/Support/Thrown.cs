namespace Signals.Tests.Reactive.Support;

/// <summary>What was thrown.</summary>
internal static class Thrown
{
    /// <summary>The exceptions in the order in which they were thrown: one as it is, several out of their <see cref="AggregateException"/>s.</summary>
    internal static Exception[] By(Exception? exception) =>
        exception switch
        {
            null => [],
            AggregateException several => [.. several.Flatten().InnerExceptions],
            _ => [exception],
        };
}
