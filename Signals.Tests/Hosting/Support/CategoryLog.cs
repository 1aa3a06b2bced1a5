using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Signals.Tests.Hosting.Support;

/// <summary>Keeps what an application logs, by category.</summary>
internal sealed class CategoryLog : ILoggerProvider
{
    private readonly ConcurrentDictionary<string, ListLogger> _loggers = new();

    /// <summary>Returns the texts of a category.</summary>
    internal string[] TextsOf(string category) =>
        _loggers.TryGetValue(category, out ListLogger? logger) ? [.. logger.Entries.Select(entry => entry.Text)] : [];

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, _ => new ListLogger());

    public void Dispose() { }
}
