namespace Signals.Benchmarks.Publishers;

/// <summary>Something that calls its slots. Implemented by structs, so that the loops over them are compiled for each without a virtual call.</summary>
internal interface IEmitter<T>
{
    void Emit(T value);
}
