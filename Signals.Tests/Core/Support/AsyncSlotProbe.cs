namespace Signals.Tests.Core;

/// <summary>Asynchronous slot whose runs the test ends one by one.</summary>
internal sealed class AsyncSlotProbe
{
    private readonly object _gate = new();
    private readonly List<Run> _runs = [];

    /// <summary>Gets the values of the runs that have started, in order.</summary>
    internal string Started
    {
        get
        {
            lock (_gate)
            {
                return string.Join(' ', _runs.Select(run => run.Value));
            }
        }
    }

    /// <summary>Gets the number of runs that have started and not ended.</summary>
    internal int ActiveCount
    {
        get
        {
            lock (_gate)
            {
                return _runs.Count(run => !run.Task.IsCompleted);
            }
        }
    }

    internal Run this[int index]
    {
        get
        {
            lock (_gate)
            {
                return _runs[index];
            }
        }
    }

    /// <summary>Returns the run of a value.</summary>
    internal Run Of(int value)
    {
        lock (_gate)
        {
            return _runs.Last(run => run.Value == value);
        }
    }

    internal ValueTask Start(int value, CancellationToken token)
    {
        var run = new Run(value, token);
        lock (_gate)
        {
            _runs.Add(run);
        }

        return new ValueTask(run.Task);
    }

    /// <summary>One run. Cancellation does not end it by itself.</summary>
    internal sealed class Run(int value, CancellationToken token)
    {
        private readonly TaskCompletionSource _end = new();

        internal int Value => value;

        internal CancellationToken Token => token;

        internal Task Task => _end.Task;

        internal void End() => _end.SetResult();

        internal void Fail(Exception exception) => _end.SetException(exception);

        internal void EndCanceled() => _end.SetCanceled(token);
    }
}
