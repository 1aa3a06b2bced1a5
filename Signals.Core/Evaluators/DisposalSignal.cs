namespace Signals;

/// <summary>The signal of an evaluator that is emitted when it is disposed. Guarded by the evaluator.</summary>
internal struct DisposalSignal
{
    /// <summary>The signal of evaluators that were disposed before their signal was first read.</summary>
    private static readonly Signal Ended = CreateEnded();

    private Signal? _signal;

    /// <summary>Gets the signal, or null until it is first read. May be read without the lock.</summary>
    internal readonly Signal? Known => Volatile.Read(in _signal);

    /// <summary>Returns the signal, which becomes the specified one when it is read for the first time.</summary>
    internal Signal Get(Signal made, bool isDisposed) => _signal ??= isDisposed ? Ended : made;

    /// <summary>Emits and disposes the signal. Called while the lock is not held.</summary>
    internal static void Emit(Signal? signal)
    {
        if (signal is not null)
        {
            using (signal)
            {
                // Closed first, so that a slot that is connected concurrently is either called or rejected.
                signal.Close();
                signal.Emit();
            }
        }
    }

    private static Signal CreateEnded()
    {
        var signal = new Signal();
        signal.Dispose();
        return signal;
    }
}
