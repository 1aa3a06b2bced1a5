namespace Signals;

/// <inheritdoc/>
/// <param name="watch">The watch of the observers, or null.</param>
internal sealed class PropertyExtras<T>(ObserverWatch? watch = null) : PropertyExtras
{
    /// <summary>The signal of the changes, or null before the first connection.</summary>
    internal Signal<T>? Changed;

    /// <summary>The signal before a change, or null if it was never requested.</summary>
    internal Signal<T, T>? Changing;

    /// <summary>The signal of the disposal, or null if it was never requested.</summary>
    internal Signal? Disposed;

    /// <summary>The computation of a bound property, or null if it was never bound.</summary>
    internal Binding<T>? Binding;

    /// <summary>The connections of handlers of <see cref="System.ComponentModel.INotifyPropertyChanged"/>, or null.</summary>
    internal HandlerConnections? Handlers;

    /// <summary>Indicates whether there is a base.</summary>
    internal bool HasBase;

    /// <summary>
    /// The value that the slots were told last, or are about to be told. Without slots: the value before a batch, for as long as there is one.
    /// </summary>
    internal T BaseValue = default!;

    /// <summary>The version of the base.</summary>
    internal long BaseVersion;

    /// <summary>The values that are to be told, in order.</summary>
    internal Queue<Telling<T>>? Pending;

    /// <summary>Number of values that have been queued.</summary>
    internal long QueuedCount;

    /// <summary>The position in the order of queued values of the one that is being told.</summary>
    internal long ToldNumber;

    /// <summary>The version of the value that is being told.</summary>
    internal long ToldVersion;

    /// <summary>
    /// The slots of <c>ConnectWithCurrent</c> that were given another value than that told last, or null if there are none.
    /// </summary>
    internal List<CurrentSlot<T>>? Given;

    private protected override void OnDependents(bool exist) => watch?.OnChanged();

    /// <summary>Called when the first connection is made and when the last one has ended.</summary>
    internal void OnSlots() => watch?.OnChanged();

    internal void SetBase(T value, long version)
    {
        BaseValue = value;
        BaseVersion = version;
        HasBase = true;
    }

    internal void DropBase()
    {
        BaseValue = default!;
        HasBase = false;
    }

    /// <summary>Queues a value for all slots, which becomes the base.</summary>
    internal void Queue(T value, long version)
    {
        (Pending ??= new()).Enqueue(new Telling<T>(value, version, ++QueuedCount, IsForGiven: false));
        SetBase(value, version);
    }

    /// <summary>Queues the base for the slots that were given another value.</summary>
    internal void QueueForGiven() => (Pending ??= new()).Enqueue(new Telling<T>(BaseValue, BaseVersion, ++QueuedCount, IsForGiven: true));
}
