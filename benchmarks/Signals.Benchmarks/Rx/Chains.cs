using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Runtime.CompilerServices;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Rx;

/// <summary>The same short chain of operators behind a signal and behind a subject.</summary>
internal static class Chains
{
    /// <summary>A signal with the chain behind it.</summary>
    internal static SignalPublisher<int> OfSignal()
    {
        var signal = new Signal<int>();
        Subscribe(signal.AsObservable());
        return new SignalPublisher<int>(signal);
    }

    /// <summary>A subject with the chain behind it.</summary>
    internal static SubjectPublisher<int> OfSubject()
    {
        var subject = new Subject<int>();
        Subscribe(subject);
        return new SubjectPublisher<int>(subject);
    }

    private static void Subscribe(IObservable<int> source)
    {
        var sum = new StrongBox<int>();
        source.Where(static value => value >= 0).Select(static value => value + 1).Subscribe(value => sum.Value += value);
    }
}
