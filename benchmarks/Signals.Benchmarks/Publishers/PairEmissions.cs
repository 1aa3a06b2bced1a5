using System.Reactive.Subjects;

namespace Signals.Benchmarks.Publishers;

/// <summary>Emissions of two arguments. Subjects have one, which is a tuple.</summary>
internal static class PairEmissions
{
    private const string Text = "text";
    private const int Number = 1;

    internal readonly struct OfSignal(Signal<string, int> signal) : IEmission
    {
        public void Emit() => signal.Emit(Text, Number);
    }

    internal readonly struct OfEvent(PairOwner owner) : IEmission
    {
        public void Emit() => owner.Raise(Text, Number);
    }

    internal readonly struct OfRx(Subject<(string Text, int Number)> subject) : IEmission
    {
        public void Emit() => subject.OnNext((Text, Number));
    }

    internal readonly struct OfR3(R3.Subject<(string Text, int Number)> subject) : IEmission
    {
        public void Emit() => subject.OnNext((Text, Number));
    }

    internal readonly struct OfArray(Action<string, int>[] slots) : IEmission
    {
        public void Emit()
        {
            foreach (Action<string, int> slot in slots)
            {
                slot(Text, Number);
            }
        }
    }

    /// <summary>A class with an event of two arguments.</summary>
    internal sealed class PairOwner
    {
        internal event Action<string, int>? Raised;

        internal void Raise(string text, int number) => Raised?.Invoke(text, number);
    }
}
