namespace Signals.Tests.Core;

/// <summary>
/// Implementation of a signal by a user's class: it passes decorated slots to a signal of its own, which receive a changed value.
/// </summary>
internal sealed class ForeignSignal(Signal<int> inner) : ISignal<int>
{
    public ConnectionHandle Connect(ISlot<int> slot) => inner.Connect(new Decorator(slot));

    private sealed class Decorator(ISlot<int> slot) : ISlot<int>
    {
        public void Invoke(int value) => slot.Invoke(value * 10);

        public void OnConnected(ConnectionHandle connection) => slot.OnConnected(connection);

        public void OnDisconnected(bool isSignalDisposed) => slot.OnDisconnected(isSignalDisposed);
    }
}
