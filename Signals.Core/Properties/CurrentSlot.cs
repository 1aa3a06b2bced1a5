using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>
/// Slot that is given the current value when it is connected, and then each change. Changes that other threads tell during the first call wait for its
/// end.
/// </summary>
internal sealed class CurrentSlot<T>(PropertyBase<T> property, Action<T> slot)
{
    private readonly object _gate = new();

    /// <summary>The values that were told before the first call ended, or null afterwards.</summary>
    private volatile Queue<Telling<T>>? _waiting = new();

    private ConnectionHandle _handle;

    /// <summary>Number of values that came before the given one.</summary>
    private long _number;

    /// <summary>The version of the given value if it is still to be told to the other slots, or zero.</summary>
    private long _given;

    /// <summary>The slot that is connected.</summary>
    internal void Invoke(T value)
    {
        PropertyExtras<T> extras = property.ExtrasOfT!;
        var telling = new Telling<T>(value, extras.ToldVersion, extras.ToldNumber, IsForGiven: false);
        if (_waiting is null || !TryKeep(telling))
        {
            Tell(telling);
        }
    }

    /// <summary>Connects to the property and calls the slot.</summary>
    internal ConnectionHandle Connect()
    {
        bool isConnected = false;
        try
        {
            T value = property.ConnectCurrent(this, out _handle, out _number, out _given, out Exception? failure);
            if (failure is not null)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            Call(value);
            TellWaiting();
            isConnected = true;
            return _handle;
        }
        finally
        {
            if (!isConnected)
            {
                _handle.Disconnect();
            }
        }
    }

    /// <summary>Tells a value that the other slots know, because they were not told the given one.</summary>
    internal void TellAgain(Telling<T> telling)
    {
        if (_handle.IsActive && !_handle.IsBlocked && _given != telling.Version && (_waiting is null || !TryKeep(telling)))
        {
            Tell(telling);
        }
    }

    private bool TryKeep(Telling<T> telling)
    {
        using (Uninterruptible.Enter(_gate))
        {
            if (_waiting is not { } waiting)
            {
                return false;
            }

            waiting.Enqueue(telling);
            return true;
        }
    }

    private void TellWaiting()
    {
        while (true)
        {
            Telling<T> telling;
            using (Uninterruptible.Enter(_gate))
            {
                if (!_waiting!.TryDequeue(out telling))
                {
                    _waiting = null;
                    return;
                }
            }

            if (_handle.IsActive)
            {
                Tell(telling);
            }
        }
    }

    private void Tell(Telling<T> telling)
    {
        if (telling.Number <= _number)
        {
            return;
        }

        bool isGiven = _given == telling.Version;
        _given = 0;
        if (!isGiven)
        {
            Call(telling.Value);
        }
    }

    private void Call(T value)
    {
        PropertyContext context = PropertyContext.Current;
        bool tracked = context.StopTracking();
        try
        {
            slot(value);
        }
        finally
        {
            context.ContinueTracking(tracked);
        }
    }
}
