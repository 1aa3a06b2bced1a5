namespace Signals.Remote;

/// <summary>A signal with several arguments as one with a tuple.</summary>
internal sealed class TupledSignal<T1, T2, T3>(ISignal<T1, T2, T3> signal) : ISignal<(T1, T2, T3)>
{
    public ConnectionHandle Connect(ISlot<(T1, T2, T3)> slot) => signal.Connect(new Slot(slot));

    private sealed class Slot(ISlot<(T1, T2, T3)> slot) : ISlot<T1, T2, T3>
    {
        public void Invoke(T1 value1, T2 value2, T3 value3) => slot.Invoke((value1, value2, value3));

        public void OnConnected(ConnectionHandle connection) => slot.OnConnected(connection);

        public void OnDisconnected(bool isSignalDisposed) => slot.OnDisconnected(isSignalDisposed);
    }
}
