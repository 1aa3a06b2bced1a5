namespace Signals.Benchmarks.Publishers;

/// <summary>Emissions of four publishers with different arguments, one after the other, as in a program that uses several.</summary>
internal readonly struct MixedEmission<T1, T2, T3, T4>(T1 first, T2 second, T3 third, T4 fourth) : IEmission
    where T1 : struct, IEmission
    where T2 : struct, IEmission
    where T3 : struct, IEmission
    where T4 : struct, IEmission
{
    public void Emit()
    {
        first.Emit();
        second.Emit();
        third.Emit();
        fourth.Emit();
    }
}
