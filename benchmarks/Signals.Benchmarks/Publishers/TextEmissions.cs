using System.Reactive.Subjects;

namespace Signals.Benchmarks.Publishers;

/// <summary>Emissions of a string.</summary>
internal static class TextEmissions
{
    private const string Value = "text";

    internal readonly struct OfSignal(Signal<string> signal) : IEmission
    {
        public void Emit() => signal.Emit(Value);
    }

    internal readonly struct OfEvent(EventOwner<string> owner) : IEmission
    {
        public void Emit() => owner.Raise(Value);
    }

    internal readonly struct OfRx(Subject<string> subject) : IEmission
    {
        public void Emit() => subject.OnNext(Value);
    }

    internal readonly struct OfR3(R3.Subject<string> subject) : IEmission
    {
        public void Emit() => subject.OnNext(Value);
    }

    internal readonly struct OfArray(Action<string>[] slots) : IEmission
    {
        public void Emit()
        {
            foreach (Action<string> slot in slots)
            {
                slot(Value);
            }
        }
    }
}
