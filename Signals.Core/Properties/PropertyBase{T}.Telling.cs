namespace Signals;

/// <content>Slots, and what they are told.</content>
public abstract partial class PropertyBase<T>
{
    internal sealed override void SettleAfterBatch(PropertyContext context)
    {
        PropertyGraph.Lock.Enter();
        T value = _value;
        long version = Version;
        PropertyExtras<T>? extras = _extras;
        bool hasBase = extras is { HasBase: true } && extras.BaseVersion != version && !IsComputing;
        T baseValue = hasBase ? extras!.BaseValue : value;
        PropertyGraph.Lock.Exit();
        if (!hasBase || !AreEqual(baseValue, value, context))
        {
            return;
        }

        PropertyGraph.Lock.Enter();
        if (Version == version && extras!.HasBase && !IsComputing)
        {
            // The version of the value before, so that what was not read in the batch finds nothing changed. What was read is examined again.
            Restore(extras.BaseValue, extras.BaseVersion);
            PropertyGraph.BeginEpoch();
        }

        PropertyGraph.Lock.Exit();
    }

    internal sealed override void QueueAfterBatch(long change, PropertyContext context)
    {
        if (IsComputing)
        {
            OnMarked(change, context);
        }
        else if (_extras is { HasSlots: true } extras)
        {
            if (TryQueueValue(extras))
            {
                Scope.Queue(this, TellingKind.Value, change, context.Depth);
                context.Schedule(Scope);
            }
        }
        else
        {
            _extras?.DropBase();
        }
    }

    internal sealed override void OnMarked(long change, PropertyContext context)
    {
        if (_extras is { HasSlots: true } && !State.Is(ComputationState.Queued))
        {
            State.Set(ComputationState.Queued);
            Scope.Queue(this, TellingKind.Computed, change, context.Depth);
            context.Schedule(Scope);
        }
    }

    internal sealed override bool Prepare(PropertyContext context, ref PropertyFailures failures)
    {
        try
        {
            PropertyGraph.Refresh(this, context);
        }
        catch (Exception exception)
        {
            failures.Add(exception);
            return false;
        }

        PropertyGraph.Lock.Enter();
        try
        {
            return _extras is { HasSlots: true, Failure: null } extras && TryQueueValue(extras);
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }
    }

    internal sealed override void Tell(PropertyContext context, ref PropertyFailures failures)
    {
        PropertyExtras<T> extras = _extras!;
        PropertyGraph.Lock.Enter();
        if (extras.Pending is not { Count: > 0 })
        {
            PropertyGraph.Lock.Exit();
            return;
        }

        Telling<T> telling = extras.Pending.Dequeue();
        extras.ToldNumber = telling.Number;
        extras.ToldVersion = telling.Version;
        List<CurrentSlot<T>>? given = extras.Given;
        extras.Given = null;
        PropertyGraph.Lock.Exit();
        if (!telling.IsForGiven)
        {
            try
            {
                extras.Changed!.Emit(telling.Value);
            }
            catch (Exception exception)
            {
                failures.AddFromSignal(exception);
            }

            return;
        }

        foreach (CurrentSlot<T> slot in given ?? [])
        {
            try
            {
                slot.TellAgain(telling);
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }
        }
    }

    /// <summary>Connects a slot that is given the current value first. Returns that value, and the position of the next one.</summary>
    internal T ConnectCurrent(CurrentSlot<T> slot, out ConnectionHandle handle, out long number, out long givenVersion, out Exception? failure)
    {
        handle = Connected(ChangedSignal().Connect(slot.Invoke));
        PropertyGraph.Lock.Enter();
        PropertyExtras<T> extras = _extras!;
        T value = _value;
        failure = extras.Failure;
        number = extras.QueuedCount;
        givenVersion = 0;
        if (failure is null && extras.HasBase && extras.BaseVersion != Version)
        {
            // The change to this value has not been queued.
            givenVersion = Version;
            (extras.Given ??= []).Add(slot);
        }

        PropertyGraph.Lock.Exit();
        return value;
    }

    /// <summary>Returns the signal of the changes, which is created if there is none.</summary>
    internal Signal<T> ChangedSignal()
    {
        if (Volatile.Read(ref _extras)?.Changed is { } known)
        {
            return known;
        }

        Action update = UpdateSlots;
        var made = new Signal<T>(new SignalOptions { FirstConnectedHandler = update, LastDisconnectedHandler = update });
        PropertyGraph.Lock.Enter();
        PropertyExtras<T> extras;
        try
        {
            extras = EnsureExtrasOfT();
            extras.Changed ??= made;
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        if (extras.IsDisposed)
        {
            extras.Changed.Dispose();
        }

        return extras.Changed;
    }

    /// <summary>Ends the connections and the signals of a property that has been disposed.</summary>
    private protected static void EndSignals(PropertyExtras<T> extras, ref PropertyFailures failures)
    {
        EndSignal(extras.Changed, ref failures);
        EndSignal(extras.Changing, ref failures);
        if (extras.Disposed is not { } disposed)
        {
            return;
        }

        // Closed first, so that a slot that is connected concurrently is either called or rejected.
        disposed.Close();
        try
        {
            disposed.Emit();
        }
        catch (Exception exception)
        {
            failures.AddFromSignal(exception);
        }

        EndSignal(disposed, ref failures);
    }

    private static void EndSignal(SignalBase? signal, ref PropertyFailures failures)
    {
        try
        {
            signal?.Dispose();
        }
        catch (Exception exception)
        {
            failures.AddFromSignal(exception);
        }
    }

    /// <summary>Queues the current value if it is not the one that was told last. Called while the lock is held.</summary>
    private bool TryQueueValue(PropertyExtras<T> extras)
    {
        if (!extras.HasBase || extras.BaseVersion != Version)
        {
            extras.Queue(_value, Version);
            return true;
        }

        if (extras.Given is null)
        {
            return false;
        }

        extras.QueueForGiven();
        return true;
    }

    /// <summary>Takes note of whether there are connections. Called after each change of these, while no lock is held.</summary>
    private void UpdateSlots()
    {
        PropertyGraph.Lock.Enter();
        try
        {
            PropertyExtras<T> extras = _extras!;
            bool hasSlots = extras.Changed is { IsEmpty: false };
            if (hasSlots == extras.HasSlots)
            {
                return;
            }

            extras.HasSlots = hasSlots;
            extras.OnSlots();
            if (!IsComputing)
            {
                if (hasSlots && !extras.HasBase)
                {
                    extras.SetBase(_value, Version);
                }
            }
            else if (hasSlots)
            {
                PropertyGraph.Observe(this);
            }
            else
            {
                PropertyGraph.Unobserve(this);
            }

            if (!hasSlots)
            {
                extras.Given = null;
                if (!PropertyContext.Current.IsInBatch)
                {
                    extras.DropBase();
                }
            }
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }
    }

    /// <summary>Takes note of a new connection. Connecting computes the value if it is not current.</summary>
    private ConnectionHandle Connected(ConnectionHandle handle)
    {
        UpdateSlots();
        try
        {
            RefreshForSlots();
        }
        catch
        {
            // Where the stack is too short to compute the value.
            handle.Disconnect();
            throw;
        }

        return handle;
    }

    internal sealed override IDisposable SubscribeEnd(Action end) => ChangedSignal().AsObservable().Subscribe(new EndObserver<T>(end));

    /// <summary>Computes the value for a new slot, which is told the changes from now on.</summary>
    private void RefreshForSlots()
    {
        if (!IsComputing)
        {
            return;
        }

        PropertyContext context = PropertyContext.Current;
        if (context.IsRunning(this))
        {
            return;
        }

        PropertyGraph.Refresh(this, context);
        PropertyGraph.Lock.Enter();
        PropertyExtras<T> extras = _extras!;
        if (extras is { HasSlots: true, HasBase: false, Failure: null })
        {
            extras.SetBase(_value, Version);
        }

        PropertyGraph.Lock.Exit();
    }
}
