using System.Runtime.ExceptionServices;

namespace Signals.Remote;

/// <summary>The exceptions of slots, which are thrown after everything that waits was handled.</summary>
internal struct InFailures
{
    private List<Exception>? _failures;

    internal void Add(Exception exception) => (_failures ??= []).Add(exception);

    internal readonly void ThrowIfAny()
    {
        if (_failures is { Count: 1 })
        {
            ExceptionDispatchInfo.Throw(_failures[0]);
        }
        else if (_failures is not null)
        {
            throw new AggregateException(_failures);
        }
    }
}
