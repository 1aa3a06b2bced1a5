namespace Signals.Benchmarks.Publishers;

/// <summary>
/// An emission of a fixed value. Not generic in the value, so that the measured loop has code of its own for each peer even if the value is a
/// reference, whose generic code would be shared.
/// </summary>
internal interface IEmission
{
    void Emit();
}
