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
    /// <remarks>Numbers of eight bytes cannot in 32-bit processes.</remarks>
    private static readonly bool IsAtomic = !typeof(T).IsValueType || ((typeof(T).IsPrimitive || typeof(T).IsEnum) && Unsafe.SizeOf<T>() <= IntPtr.Size);

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

    /// <summary>
    /// Connects a slot object to the changes of the property. Connecting to a computed property computes it if it is not current.
    /// </summary>
    /// <param name="slot">The slot, which is not connected elsewhere.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="slot"/> has been connected before.</exception>
    /// <exception cref="ObjectDisposedException">The property has been disposed.</exception>
    public ConnectionHandle Connect(ISlot<T> slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return Connected(ChangedSignal().Connect(slot));
    }

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

    internal PropertyExtras<T> EnsureExtrasOfT() => _extras ?? Publish(new PropertyExtras<T>(ObserverWatch.Of(this, _options?.ObservedHandler)));

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
        PropertyGraph.Lock.Enter();
        try
        {
            if (Version != expectedVersion || (_extras is { IsReadOnly: true } && (binding is null || _extras.Binding?.Deferred != binding)))
            {
                return false;
            }

            T before = _value;
            Write(value, PropertyGraph.NextSourceVersion());
            QueueStored(before, expectedVersion, context);
            return true;
        }
        finally
        {
            PropertyGraph.Lock.Exit();
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
}
