namespace Signals.Benchmarks.Publishers;

internal readonly struct SignalPublisher<T>(Signal<T> signal) : IPublisher<SignalPublisher<T>, ConnectionHandle, T>
{
    public static PeerKind Kind => PeerKind.Ours;

    public static bool NeedsHandle => true;

    public static SignalPublisher<T> Create() => new(new Signal<T>());

    public void Emit(T value) => signal.Emit(value);

    public ConnectionHandle Connect(Action<T> slot) => signal.Connect(slot);

    public void Disconnect(ConnectionHandle handle) => handle.Disconnect();
}
