namespace Signals.Tests.Reactive.Support;

/// <summary>Observer that counts violations of Rx's grammar: concurrent calls, and calls after the termination. Thread-safe.</summary>
internal sealed class GrammarObserver : IObserver<int>
{
    private int _inside;
    private int _ends;
    private int _overlaps;
    private int _late;
    private int _values;

    /// <summary>Gets the number of calls that started while another one was active.</summary>
    internal int Overlaps => _overlaps;

    /// <summary>Gets the number of calls that started after the termination.</summary>
    internal int Late => _late;

    internal int Ends => _ends;

    internal int Values => _values;

    public void OnNext(int value)
    {
        Enter();
        Interlocked.Increment(ref _values);
        Interlocked.Decrement(ref _inside);
    }

    public void OnError(Exception error) => End();

    public void OnCompleted() => End();

    private void End()
    {
        Enter();
        Interlocked.Increment(ref _ends);
        Interlocked.Decrement(ref _inside);
    }

    private void Enter()
    {
        if (Interlocked.Increment(ref _inside) != 1)
        {
            Interlocked.Increment(ref _overlaps);
        }

        if (Volatile.Read(ref _ends) != 0)
        {
            Interlocked.Increment(ref _late);
        }
    }
}
