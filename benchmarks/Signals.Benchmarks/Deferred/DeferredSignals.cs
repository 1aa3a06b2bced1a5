namespace Signals.Benchmarks.Deferred;

/// <summary>Signals, each with one slot deferred on the same evaluator. Emitted in turn, so that the slots run are of different methods.</summary>
internal sealed class DeferredSignals<T> : IDisposable
    where T : struct
{
    private readonly ConnectionEvaluator _evaluator;
    private readonly Signal<T>[] _signals;

    internal DeferredSignals(Action<T>[] slots)
        : this(slots, new ConnectionEvaluator()) { }

    internal DeferredSignals(Action<T>[] slots, ConnectionEvaluator evaluator)
    {
        _evaluator = evaluator;
        _signals = [.. slots.Select(slot => Connect(slot, evaluator))];
    }

    internal void Emit(int times)
    {
        Signal<T>[] signals = _signals;
        for (int i = 0; i < times; i++)
        {
            signals[i & (signals.Length - 1)].Emit(default);
        }
    }

    internal void EmitAndEvaluate(int times, int batch)
    {
        for (int i = 0; i < times; i++)
        {
            if (batch == 1)
            {
                _signals[i & (_signals.Length - 1)].Emit(default);
            }
            else
            {
                Emit(batch);
            }

            _evaluator.EvaluateDeferredConnections();
        }
    }

    /// <summary>Evaluates all invocations until the evaluator is disposed.</summary>
    internal async Task EvaluateUntilDisposedAsync()
    {
        try
        {
            while (true)
            {
                await _evaluator.WaitForInvocationsAsync().ConfigureAwait(false);
                _evaluator.EvaluateDeferredConnections();
            }
        }
        catch (ObjectDisposedException) when (_evaluator.IsDisposed)
        {
            // The disposal ends the wait.
        }
    }

    public void Dispose() => _evaluator.Dispose();

    private static Signal<T> Connect(Action<T> slot, ConnectionEvaluator evaluator)
    {
        var signal = new Signal<T>();
        signal.ConnectDeferred(evaluator, slot);
        return signal;
    }
}
