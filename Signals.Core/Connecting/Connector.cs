namespace Signals;

/// <summary>
/// Connects the kinds of this library to any implementation of <see cref="ISignal{T}"/>. The signals of this library take the delegate and the
/// adapter as they are; others receive them as a slot object.
/// </summary>
internal static class Connector
{
    /// <summary>Connects a delegate that takes the arguments of the signal, and the adapter that it is bound to, if any.</summary>
    internal static ConnectionHandle Connect(ISignal signal, Action bound, SlotAdapter? adapter)
    {
        if (signal is SignalBase known)
        {
            return known.ConnectBound(bound, adapter);
        }

        adapter?.OnPreparing();
        var slot = new KnownEmptySlot(bound, adapter);
        try
        {
            return slot.Adopted(signal.Connect(slot));
        }
        catch
        {
            adapter?.OnRejected();
            throw;
        }
    }

    /// <summary>Connects an adapter.</summary>
    internal static ConnectionHandle Connect(ISignal signal, SlotAdapter<Arguments> adapter) => Connect(signal, (Action)Arguments.Bind(adapter), adapter);

    /// <summary>Connects a deferred slot.</summary>
    internal static ConnectionHandle Connect(ISignal signal, DeferredSlot<Arguments> deferred) =>
        Connect(signal, (Action)Arguments.Bind(deferred), deferred);

    /// <summary>Connects a delegate that takes the arguments of the signal, and the adapter that it is bound to, if any.</summary>
    internal static ConnectionHandle Connect<T>(ISignal<T> signal, Action<T> bound, SlotAdapter? adapter)
    {
        if (signal is SignalBase known)
        {
            return known.ConnectBound(bound, adapter);
        }

        adapter?.OnPreparing();
        var slot = new KnownSlot<T>(bound, adapter);
        try
        {
            return slot.Adopted(signal.Connect(slot));
        }
        catch
        {
            adapter?.OnRejected();
            throw;
        }
    }

    /// <summary>Connects an adapter.</summary>
    internal static ConnectionHandle Connect<T>(ISignal<T> signal, SlotAdapter<Arguments<T>> adapter) =>
        Connect(signal, (Action<T>)Arguments<T>.Bind(adapter), adapter);

    /// <summary>Connects a deferred slot.</summary>
    internal static ConnectionHandle Connect<T>(ISignal<T> signal, DeferredSlot<Arguments<T>> deferred) =>
        Connect(signal, (Action<T>)Arguments<T>.Bind(deferred), deferred);

    /// <summary>Connects a delegate that takes the arguments of the signal, and the adapter that it is bound to, if any.</summary>
    internal static ConnectionHandle Connect<T1, T2>(ISignal<T1, T2> signal, Action<T1, T2> bound, SlotAdapter? adapter)
    {
        if (signal is SignalBase known)
        {
            return known.ConnectBound(bound, adapter);
        }

        adapter?.OnPreparing();
        var slot = new KnownSlot<T1, T2>(bound, adapter);
        try
        {
            return slot.Adopted(signal.Connect(slot));
        }
        catch
        {
            adapter?.OnRejected();
            throw;
        }
    }

    /// <summary>Connects an adapter.</summary>
    internal static ConnectionHandle Connect<T1, T2>(ISignal<T1, T2> signal, SlotAdapter<Arguments<T1, T2>> adapter) =>
        Connect(signal, (Action<T1, T2>)Arguments<T1, T2>.Bind(adapter), adapter);

    /// <summary>Connects a deferred slot.</summary>
    internal static ConnectionHandle Connect<T1, T2>(ISignal<T1, T2> signal, DeferredSlot<Arguments<T1, T2>> deferred) =>
        Connect(signal, (Action<T1, T2>)Arguments<T1, T2>.Bind(deferred), deferred);

    /// <summary>Connects a delegate that takes the arguments of the signal, and the adapter that it is bound to, if any.</summary>
    internal static ConnectionHandle Connect<T1, T2, T3>(ISignal<T1, T2, T3> signal, Action<T1, T2, T3> bound, SlotAdapter? adapter)
    {
        if (signal is SignalBase known)
        {
            return known.ConnectBound(bound, adapter);
        }

        adapter?.OnPreparing();
        var slot = new KnownSlot<T1, T2, T3>(bound, adapter);
        try
        {
            return slot.Adopted(signal.Connect(slot));
        }
        catch
        {
            adapter?.OnRejected();
            throw;
        }
    }

    /// <summary>Connects an adapter.</summary>
    internal static ConnectionHandle Connect<T1, T2, T3>(ISignal<T1, T2, T3> signal, SlotAdapter<Arguments<T1, T2, T3>> adapter) =>
        Connect(signal, (Action<T1, T2, T3>)Arguments<T1, T2, T3>.Bind(adapter), adapter);

    /// <summary>Connects a deferred slot.</summary>
    internal static ConnectionHandle Connect<T1, T2, T3>(ISignal<T1, T2, T3> signal, DeferredSlot<Arguments<T1, T2, T3>> deferred) =>
        Connect(signal, (Action<T1, T2, T3>)Arguments<T1, T2, T3>.Bind(deferred), deferred);

    /// <summary>Connects a delegate that takes the arguments of the signal, and the adapter that it is bound to, if any.</summary>
    internal static ConnectionHandle Connect<T1, T2, T3, T4>(ISignal<T1, T2, T3, T4> signal, Action<T1, T2, T3, T4> bound, SlotAdapter? adapter)
    {
        if (signal is SignalBase known)
        {
            return known.ConnectBound(bound, adapter);
        }

        adapter?.OnPreparing();
        var slot = new KnownSlot<T1, T2, T3, T4>(bound, adapter);
        try
        {
            return slot.Adopted(signal.Connect(slot));
        }
        catch
        {
            adapter?.OnRejected();
            throw;
        }
    }

    /// <summary>Connects an adapter.</summary>
    internal static ConnectionHandle Connect<T1, T2, T3, T4>(ISignal<T1, T2, T3, T4> signal, SlotAdapter<Arguments<T1, T2, T3, T4>> adapter) =>
        Connect(signal, (Action<T1, T2, T3, T4>)Arguments<T1, T2, T3, T4>.Bind(adapter), adapter);

    /// <summary>Connects a deferred slot.</summary>
    internal static ConnectionHandle Connect<T1, T2, T3, T4>(ISignal<T1, T2, T3, T4> signal, DeferredSlot<Arguments<T1, T2, T3, T4>> deferred) =>
        Connect(signal, (Action<T1, T2, T3, T4>)Arguments<T1, T2, T3, T4>.Bind(deferred), deferred);
}
