using System.Threading.Channels;

namespace Signals.Tests.Support;

/// <summary>Collects what a signal emits, to be waited for one by one.</summary>
internal sealed class SignalProbe<T>
{
    private readonly Channel<T> _values = Channel.CreateUnbounded<T>();

    internal SignalProbe(ISignal<T> signal) => signal.Connect(value => _values.Writer.TryWrite(value));

    internal int WaitingCount => _values.Reader.Count;

    internal Task<T> NextAsync(string what) => _values.Reader.ReadAsync().Within(what);
}
