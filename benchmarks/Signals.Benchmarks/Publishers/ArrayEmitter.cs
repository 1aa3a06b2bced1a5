namespace Signals.Benchmarks.Publishers;

/// <summary>The lower bound for the cost of calling slots: a loop over an array.</summary>
internal readonly struct ArrayEmitter<T>(Action<T>[] slots) : IEmitter<T>
{
    public void Emit(T value)
    {
        foreach (Action<T> slot in slots)
        {
            slot(value);
        }
    }
}
