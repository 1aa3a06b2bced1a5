namespace Signals.Tests.Reactive.Support;

/// <summary>Counts what Rx's grammar forbids: calls beside one another, and calls behind the end. Thread-safe.</summary>
internal sealed class GrammarObserver : IObserver<int>
{
    private int _inside;
    private int _ends;
    private int _overlaps;
    private int _late;
    private int _values;

    /// <summary>How many calls began while another was under way.</summary>
    internal int Overlaps => _overlaps;

    /// <summary>How many calls began when the end had been reported.</summary>
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
