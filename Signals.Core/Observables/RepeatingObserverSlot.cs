namespace Signals;

/// <summary>Adapter that passes the same value to an observer for each emission of a signal without arguments.</summary>
internal sealed class RepeatingObserverSlot<TValue>(IObserver<TValue> observer, TValue value) : ObserverSlot<TValue>(observer)
{
    internal TValue Value => value;
}
