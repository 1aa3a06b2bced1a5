namespace Signals.Benchmarks.Publishers;

/// <summary>An object that calls slots. Implemented by structs, so that the loops are compiled for each of them without virtual calls.</summary>
internal interface IEmitter<T>
{
    void Emit(T value);
}
