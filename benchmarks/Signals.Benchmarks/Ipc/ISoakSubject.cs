namespace Signals.Benchmarks.Ipc;

/// <summary>The long-lived objects of a soak test, and the work with them that must leave no resources.</summary>
internal interface ISoakSubject : IAsyncDisposable
{
    /// <summary>Gets a value that indicates whether nothing of the work is left.</summary>
    bool IsIdle { get; }

    /// <summary>Gets a description of what is left of the work.</summary>
    string Remainder { get; }

    /// <summary>Works for the specified time. Returns a description of the work.</summary>
    Task<string> WorkAsync(TimeSpan time);
}
