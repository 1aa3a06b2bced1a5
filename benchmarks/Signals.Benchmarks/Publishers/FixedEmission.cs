namespace Signals.Benchmarks.Publishers;

/// <summary>An emission of the default value of a struct.</summary>
internal readonly struct FixedEmission<TEmitter, T>(TEmitter emitter) : IEmission
    where TEmitter : struct, IEmitter<T>
    where T : struct
{
    public void Emit() => emitter.Emit(default);
}
