using System.Collections.Concurrent;

namespace Signals.Tests.Core.Evaluators;

/// <summary>Exception handler for whose calls a test can wait.</summary>
internal sealed class BlockingHandler : IDisposable
{
    private readonly BlockingCollection<Exception> _handled = [];

    /// <summary>Gets the thread on which the handler was last called.</summary>
    internal Thread? Thread { get; private set; }

    public void Dispose() => _handled.Dispose();

    internal void Handle(Exception exception)
    {
        Thread = Thread.CurrentThread;
        _handled.Add(exception);
    }

    internal Exception Take() => _handled.TryTake(out Exception? exception, Bounded.Limit) ? exception : throw Bounded.Late("an exception to be handled");
}
