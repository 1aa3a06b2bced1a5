using System.Collections.Concurrent;

namespace Signals.Tests.Core.Evaluators;

/// <summary>An exception handler that a test waits for.</summary>
internal sealed class BlockingHandler : IDisposable
{
    private readonly BlockingCollection<Exception> _handled = [];

    /// <summary>The thread that the last exception was handed over on.</summary>
    internal Thread? Thread { get; private set; }

    public void Dispose() => _handled.Dispose();

    internal void Handle(Exception exception)
    {
        Thread = Thread.CurrentThread;
        _handled.Add(exception);
    }

    internal Exception Take() =>
        _handled.TryTake(out Exception? exception, Bounded.Limit) ? exception : throw Bounded.Late("an exception to be handled");
}
