namespace Signals.Benchmarks.Publishers;

internal readonly struct EventPublisher<T>(EventOwner<T> owner) : IPublisher<EventPublisher<T>, EventSlot<T>, T>
{
    public static PeerKind Kind => PeerKind.Event;

    public static bool NeedsHandle => false;

    public static EventPublisher<T> Create() => new(new EventOwner<T>());

    public void Emit(T value) => owner.Raise(value);

    public EventSlot<T> Connect(Action<T> slot)
    {
        owner.Raised += slot;
        return new EventSlot<T>(slot);
    }

    public void Disconnect(EventSlot<T> handle) => owner.Raised -= handle.Slot;
}

/// <summary>A class with an event.</summary>
internal sealed class EventOwner<T>
{
    internal event Action<T>? Raised;

    internal void Raise(T value) => Raised?.Invoke(value);
}

/// <summary>A slot is removed from an event by the slot itself.</summary>
internal readonly record struct EventSlot<T>(Action<T> Slot);
