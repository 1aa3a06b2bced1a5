namespace Signals;

/// <summary>Passes the emissions of a signal without arguments to an observer, as one value.</summary>
internal sealed class RepeatingObserverSlot<TValue>(IObserver<TValue> observer, TValue value) : ObserverSlot<TValue>(observer)
{
    internal TValue Value => value;
}
