namespace Signals.Benchmarks.Publishers;

/// <summary>The least that calling a number of slots can cost: a loop over an array of them.</summary>
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
