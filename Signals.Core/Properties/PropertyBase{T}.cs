using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>
/// Base class of <see cref="Property{T}"/> and <see cref="Computed{T}"/>: their value and their signal. It cannot be derived from elsewhere.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
public abstract partial class PropertyBase<T> : PropertyBase, ISignal<T>, INotifyPropertyChanged
{
    /// <summary>The name of the value in events of <see cref="INotifyPropertyChanged"/>.</summary>
    private protected const string ValueName = "Value";

    private static readonly PropertyChangedEventArgs ValueChanged = new(ValueName);

    /// <summary>Indicates whether a value can be read in one piece while another thread writes it.</summary>
    private static readonly bool IsAtomic = !typeof(T).IsValueType || typeof(T).IsPrimitive || typeof(T).IsEnum;

    private readonly PropertyOptions<T>? _options;
    private PropertyExtras<T>? _extras;

    /// <summary>The value, or that of the last run that did not throw.</summary>
    private T _value;

    private protected PropertyBase(T value, PropertyOptions<T>? options)
    {
        _value = value;
        _options = options;
    }

    /// <summary>
    /// Occurs after the value has changed, for toolkits that use <see cref="INotifyPropertyChanged"/>. The name of the property is "Value". Each
    /// handler is a slot of the property.
    /// </summary>
    public event PropertyChangedEventHandler? PropertyChanged
    {
        add
        {
            if (value is not null)
            {
                HandlerConnections.Of(this).Add(value, this.Connect(_ => value(this, ValueChanged)));
            }
        }
        remove => _extras?.Handlers?.Remove(value);
    }

    internal sealed override PropertyScope Scope => _options?.Scope ?? PropertyScope.Default;

    internal sealed override PropertyExtras? Extras => _extras;

    internal PropertyExtras<T>? ExtrasOfT => _extras;

    /// <summary>Gets the computation, or null if there is none.</summary>
    internal abstract Func<T>? Computation { get; }

    /// <summary>Gets a value that indicates whether the property was disposed.</summary>
    internal bool IsEnded => Volatile.Read(ref _extras) is { IsDisposed: true };

    /// <inheritdoc cref="IReadOnlyProperty{T}.ConnectWithCurrent"/>
    public ConnectionHandle ConnectWithCurrent(Action<T> slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return new CurrentSlot<T>(this, slot).Connect();
    }

    /// <inheritdoc cref="IReadOnlyProperty{T}.Peek"/>
    public T Peek() => Read(isTracked: false);

    /// <summary>Returns the type and the value, for logs and debuggers. Computes nothing.</summary>
    /// <returns>A description of the property.</returns>
    public override string ToString()
    {
        PropertyGraph.Lock.Enter();
        T value = _value;
        Exception? failure = Failure;
        PropertyGraph.Lock.Exit();
        return failure is null ? $"{TypeNames.Of(GetType())} ({value})" : $"{TypeNames.Of(GetType())} ({failure.GetType().Name})";
    }

    internal sealed override PropertyExtras EnsureExtras() => EnsureExtrasOfT();

    internal PropertyExtras<T> EnsureExtrasOfT() => _extras ?? Publish(new PropertyExtras<T>());

    private PropertyExtras<T> Publish(PropertyExtras<T> extras)
    {
        Volatile.Write(ref _extras, extras);
        return extras;
    }

    /// <summary>Reads the value if this takes no more than reading a field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected bool TryReadField(out T value)
    {
        value = _value;
        return IsAtomic;
    }

    /// <summary>Reads the value, and computes it if it is not current.</summary>
    private protected T Read(bool isTracked)
    {
        PropertyContext context = PropertyContext.Current;
        if (IsComputing)
        {
            ref ComputationState state = ref State;
            if (!PropertyGraph.IsCurrent(ref state))
            {
                if (state.Runs > 0 && context.IsRunning(this))
                {
                    if (isTracked)
                    {
                        context.Track(this, Dependency.Closing);
                    }

                    throw context.Cycle(this);
                }

                PropertyGraph.Refresh(this, context);
            }
        }

        T value = Snapshot(out long version, out Exception? failure);
        if (isTracked)
        {
            context.Track(this, version);
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        if (version == 0)
        {
            throw new ObjectDisposedException(TypeNames.Of(GetType()), $"{Describe()} was disposed before it was computed: it has no value.");
        }

        return value;
    }

    /// <summary>Returns the value, its version and its failure. Called while the lock is not held.</summary>
    private protected T Snapshot(out long version, out Exception? failure)
    {
        T value;
        if (IsAtomic)
        {
            // Without the lock, in nearly all cases: the value belongs to the version if this is the same before and after, and no version was
            // restored meanwhile.
            long restores = Volatile.Read(ref PropertyGraph.Restores);
            version = Volatile.Read(ref Version);
            value = _value;
            failure = _extras?.Failure;
            Volatile.ReadBarrier();
            if (version != 0 && failure is null && version == Volatile.Read(ref Version) && restores == Volatile.Read(ref PropertyGraph.Restores))
            {
                return value;
            }
        }

        PropertyGraph.Lock.Enter();
        value = _value;
        version = Version;
        failure = _extras?.Failure;
        PropertyGraph.Lock.Exit();
        return value;
    }

    /// <summary>Writes the value and its version. Called while the lock is held.</summary>
    private void Write(T value, long version)
    {
        Version = 0;
        Volatile.WriteBarrier();
        _value = value;
        Volatile.Write(ref Version, version);
    }

    /// <summary>Writes a value that there has been before, with the version that it had. Called while the lock is held.</summary>
    private void Restore(T value, long version)
    {
        PropertyGraph.Restores++;
        Write(value, version);
    }

    /// <summary>Compares two values by the comparer, which is not tracked.</summary>
    private protected bool AreEqual(T left, T right, PropertyContext context)
    {
        if (IsAtomic && typeof(T).IsValueType && _options is null)
        {
            return EqualityComparer<T>.Default.Equals(left, right);
        }

        bool tracked = context.StopTracking();
        try
        {
            return (_options?.Comparer ?? EqualityComparer<T>.Default).Equals(left, right);
        }
        finally
        {
            context.ContinueTracking(tracked);
        }
    }

    /// <summary>
    /// Stores a value and queues its telling, unless the version is no longer the expected one. Called while no lock is held; afterwards the caller
    /// tells what is scheduled.
    /// </summary>
    private protected bool TryStore(T value, long expectedVersion, PropertyContext context, EffectNode? binding = null)
    {
        ref ShortLock gate = ref PropertyGraph.Lock;
        gate.Enter();
        if (_extras is null && !context.IsInBatch)
        {
            bool isExpected = Version == expectedVersion;
            if (isExpected)
            {
                Write(value, PropertyGraph.NextVersion());
                PropertyGraph.Epoch++;
            }

            gate.Exit();
            return isExpected;
        }

        try
        {
            if (Version != expectedVersion || (_extras is { IsReadOnly: true } && _extras.Binding?.Deferred != binding))
            {
                return false;
            }

            T before = _value;
            Write(value, PropertyGraph.NextVersion());
            PropertyGraph.Epoch++;
            QueueStored(before, expectedVersion, context);
            return true;
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>Queues the telling of a stored value. Called while the lock is held.</summary>
    private protected void QueueStored(T before, long versionBefore, PropertyContext context)
    {
        PropertyScope scope = Scope;
        if (context.BatchOf(scope) is { } batch)
        {
            PropertyExtras<T> extras = EnsureExtrasOfT();
            if (!extras.HasBase)
            {
                extras.SetBase(before, versionBefore);
            }

            batch.Touch(this);
            PropertyGraph.Mark(this, change: 0, isHeld: true, context);
        }
        else if (_extras is { IsObserved: true } extras)
        {
            if (extras.HasSlots)
            {
                extras.Queue(_value, Version);
                scope.Queue(this, TellingKind.Value, Version, context.Depth);
                context.Schedule(scope);
            }

            PropertyGraph.Mark(this, Version, isHeld: false, context);
        }
        else
        {
            _extras?.DropBase();
        }
    }

    /// <summary>
    /// Tells a property that has nothing but slots, without a queue. Returns false if it must be queued. Called while the lock is not held.
    /// </summary>
    private protected bool TryStoreAndTell(T value, long expectedVersion, PropertyContext context)
    {
        PropertyScope scope = Scope;
        PropertyExtras<T>? extras = _extras;
        ref ShortLock gate = ref PropertyGraph.Lock;
        if (extras is null || extras.DependentCount != 0 || context.IsInBatch)
        {
            return false;
        }

        gate.Enter();
        if (!extras.HasSlots || extras.DependentCount != 0 || extras.Given is not null || extras.IsReadOnly || !scope.IsIdle || Version != expectedVersion)
        {
            gate.Exit();
            return false;
        }

        scope.IsTelling = true;
        long version = PropertyGraph.NextVersion();
        Write(value, version);
        PropertyGraph.Epoch++;
        extras.SetBase(value, version);
        extras.ToldNumber = ++extras.QueuedCount;
        extras.ToldVersion = version;
        gate.Exit();

        var failures = new PropertyFailures();
        bool tracked = context.StopTracking();
        try
        {
            extras.Changed!.Emit(value);
        }
        catch (Exception exception)
        {
            failures.AddFromSignal(exception);
        }

        context.ContinueTracking(tracked);
        gate.Enter();
        bool isIdle = scope.TryEndTelling();
        gate.Exit();
        if (!isIdle)
        {
            scope.TellRest(context, ref failures);
        }

        context.TellScheduled(ref failures);
        failures.ThrowIfAny();
        return true;
    }

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
            PropertyGraph.Epoch++;
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

        var made = new Signal<T>(new SignalOptions { ConnectionsEndedHandler = UpdateSlots });
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
        RefreshForSlots();
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

    internal sealed override void Recompute(PropertyContext context)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (Computation is not { } compute)
        {
            return;
        }

        var run = new ComputationRun<T>();
        Begin(ref run, compute);
        PropertyGraph.Lock.Exit();
        RunFrame outer = context.BeginRun(this, isComputation: true);
        bool isComplete = false;
        try
        {
            // An exception is caught here and thrown again by the reader: thrown again inside the handler, each level of nested computations would
            // take its stack. Where the stack is short, the exception passes all levels at once.
            try
            {
                run.Value = compute();
            }
            catch (Exception exception) when (exception is not InsufficientExecutionStackException)
            {
                run.Failure = exception;
            }

            try
            {
                Compare(ref run, context);
            }
            catch (Exception exception) when (exception is not InsufficientExecutionStackException)
            {
                run.Failure = exception;
            }

            isComplete = true;
        }
        finally
        {
            PropertyGraph.Lock.Enter();
            try
            {
                if (isComplete)
                {
                    KeepIfCurrent(ref run, context);
                }
            }
            finally
            {
                State.Runs--;
                context.EndRun(outer);
            }
        }
    }

    /// <summary>Notes what is stored before a run. Called while the lock is held.</summary>
    private void Begin(ref ComputationRun<T> run, Func<T> compute)
    {
        ref ComputationState state = ref State;
        state.Runs++;
        run.Compute = compute;
        run.Epoch = PropertyGraph.Epoch;
        run.Before = _value;
        run.VersionBefore = Version;
        run.HasRunBefore = state.Is(ComputationState.HasRun);
        if (_extras is { } extras)
        {
            run.FailureBefore = extras.Failure;
            run.HasBase = extras.HasBase;
            run.Base = extras.BaseValue;
            run.BaseVersion = extras.BaseVersion;
        }
    }

    /// <summary>
    /// Keeps the result of a run, unless something that it has read has changed meanwhile. Called while the lock is held, which is released for
    /// computations that have to be made current to find this out.
    /// </summary>
    private void KeepIfCurrent(ref ComputationRun<T> run, PropertyContext context)
    {
        while (run.Epoch != PropertyGraph.Epoch)
        {
            PropertyBase? unknown = null;
            foreach (Dependency read in context.Reads)
            {
                if (read.Version == Dependency.Closing)
                {
                    continue;
                }

                if (read.Node.Version != read.Version)
                {
                    return;
                }

                if (read.Node.IsComputing && !PropertyGraph.IsCurrent(ref read.Node.State) && !context.IsRunning(read.Node))
                {
                    unknown = read.Node;
                    break;
                }
            }

            if (unknown is null)
            {
                run.Epoch = PropertyGraph.Epoch;
                break;
            }

            PropertyGraph.Lock.Exit();
            try
            {
                PropertyGraph.Refresh(unknown, context);
            }
            finally
            {
                PropertyGraph.Lock.Enter();
            }
        }

        Keep(ref run, context);
    }

    private void Compare(ref ComputationRun<T> run, PropertyContext context)
    {
        if (run.Failure is not null)
        {
            run.IsUnchanged = ReferenceEquals(run.Failure, run.FailureBefore);
            return;
        }

        if (run.FailureBefore is null && (run.HasRunBefore || run.VersionBefore != 0))
        {
            run.IsUnchanged = AreEqual(run.Before, run.Value, context);
        }

        if (!run.IsUnchanged && run.HasBase)
        {
            run.IsBase = AreEqual(run.Base, run.Value, context);
        }
    }

    /// <summary>Keeps the result of a run that is current, unless another thread has done so. Called while the lock is held.</summary>
    private void Keep(ref ComputationRun<T> run, PropertyContext context)
    {
        ref ComputationState state = ref State;
        if (Computation != run.Compute || PropertyGraph.IsCurrent(ref state))
        {
            return;
        }

        if (!run.IsUnchanged || Version != run.VersionBefore)
        {
            if (context.IsInBatch && run.FailureBefore is null && run.VersionBefore != 0 && _extras is not { HasBase: true })
            {
                EnsureExtrasOfT().SetBase(run.Before, run.VersionBefore);
            }

            if (run.Failure is not null || _extras is not null)
            {
                // Nobody may take the value before for that of a version whose failure has gone.
                Version = 0;
                Volatile.WriteBarrier();
                EnsureExtrasOfT().Failure = run.Failure;
            }

            if (run.Failure is not null)
            {
                Write(_value, PropertyGraph.NextVersion());
            }
            else if (run.IsBase && _extras!.HasBase && _extras.BaseVersion == run.BaseVersion)
            {
                Restore(_extras.BaseValue, run.BaseVersion);
            }
            else
            {
                Write(run.Value, PropertyGraph.NextVersion());
            }
        }

        if (_extras is { HasSlots: false } && !context.IsInBatch)
        {
            _extras.DropBase();
        }

        PropertyGraph.SetDependencies(this, context.Reads);
        Volatile.Write(ref state.ValidAsOf, run.Epoch);
        state.Set(ComputationState.HasRun);
        state.Clear(ComputationState.Stale | ComputationState.Held);
    }
}
