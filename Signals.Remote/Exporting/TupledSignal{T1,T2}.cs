namespace Signals.Remote;

/// <summary>A signal with several arguments as one with a tuple.</summary>
internal sealed class TupledSignal<T1, T2>(ISignal<T1, T2> signal) : ISignal<(T1, T2)>
{
    public ConnectionHandle Connect(ISlot<(T1, T2)> slot) => signal.Connect(new Slot(slot));

    private sealed class Slot(ISlot<(T1, T2)> slot) : ISlot<T1, T2>
    {
        public void Invoke(T1 value1, T2 value2) => slot.Invoke((value1, value2));

        public void OnConnected(ConnectionHandle connection) => slot.OnConnected(connection);

        public void OnDisconnected(bool isSignalDisposed) => slot.OnDisconnected(isSignalDisposed);
    }
}
