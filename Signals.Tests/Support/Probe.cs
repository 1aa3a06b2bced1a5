namespace Signals.Tests.Support;

internal static class Probe
{
    internal static SignalProbe<T> Of<T>(ISignal<T> signal) => new(signal);

    /// <summary>Probes a signal without arguments.</summary>
    internal static SignalProbe<bool> Of(ISignal signal)
    {
        var emitted = new Signal<bool>();
        signal.Connect(() => emitted.Emit(true));
        return new SignalProbe<bool>(emitted);
    }
}
