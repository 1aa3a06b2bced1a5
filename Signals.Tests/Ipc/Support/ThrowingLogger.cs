using Microsoft.Extensions.Logging;

namespace Signals.Tests.Ipc.Support;

/// <summary>A logger that throws.</summary>
internal sealed class ThrowingLogger : ILogger
{
    private int _throws;

    /// <summary>Gets the number of times that the logger has thrown.</summary>
    internal int Throws => Volatile.Read(ref _throws);

    /// <summary>Gets a value that indicates whether IsEnabled throws, too.</summary>
    internal bool ThrowsWhenAsked { get; init; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => !ThrowsWhenAsked ? true : throw Failure();

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        throw Failure();

    private InvalidOperationException Failure()
    {
        Interlocked.Increment(ref _throws);
        return new InvalidOperationException("The disk is full.");
    }
}
