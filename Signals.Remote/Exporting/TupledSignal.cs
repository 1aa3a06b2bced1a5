namespace Signals.Remote;

/// <summary>A signal without arguments as one with an empty tuple.</summary>
internal sealed class TupledSignal(ISignal signal) : ISignal<ValueTuple>
{
    public ConnectionHandle Connect(ISlot<ValueTuple> slot) => signal.Connect(new Slot(slot));

    private sealed class Slot(ISlot<ValueTuple> slot) : ISlot
    {
        public void Invoke() => slot.Invoke(default);

        public void OnConnected(ConnectionHandle connection) => slot.OnConnected(connection);

        public void OnDisconnected(bool isSignalDisposed) => slot.OnDisconnected(isSignalDisposed);
    }
}
