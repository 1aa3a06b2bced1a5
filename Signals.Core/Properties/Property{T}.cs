using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>
/// A value that can be set, with a signal of its changes. Computed properties and effects that have read it follow it. It can be bound to a
/// computation; then it follows what that has read.
/// </summary>
/// <remarks>
/// <para>Setting an equal value does nothing. A value that is set is stored before the setter returns; slots run afterwards on the same thread,
/// unless another thread is telling a change of the same scope, which then tells this one too. In a batch, slots run when the batch ends.</para>
/// <para>All members are thread-safe. User code never runs inside a lock of this library.</para>
/// </remarks>
/// <typeparam name="T">The type of the value.</typeparam>
[SuppressMessage("Naming", "CA1716", Justification = "A keyword of Visual Basic, which can escape it.")]
public sealed partial class Property<T> : PropertyBase<T>, IReadOnlyProperty<T>, INotifyPropertyChanging, IDisposable
{
    private static readonly PropertyChangingEventArgs ValueChanging = new(ValueName);

    /// <summary>Initializes a property.</summary>
    /// <param name="value">The value.</param>
    /// <param name="comparer">The comparer that determines whether a value is equal to the current one. Null for the default comparer.</param>
    /// <param name="scope">The scope of the property. Null for <see cref="PropertyScope.Default"/>.</param>
    public Property(T value, IEqualityComparer<T>? comparer = null, PropertyScope? scope = null)
        : base(value, PropertyOptions<T>.Of(comparer, scope)) => Version = FirstVersion;

    /// <summary>
    /// Initializes a property that reports whether it is observed, for a value whose source is expensive to keep active, such as a connection to a
    /// server. A property is observed while it has a connection, or an observed computation or an effect follows it.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="observedHandler">
    /// The handler, called on a thread of the pool with <see langword="true"/> soon after the property has become observed, and with
    /// <see langword="false"/> soon after it has lost its last observer. The calls alternate and never overlap. Periods that end before they are reported are
    /// skipped; the last call always matches the current state. Exceptions of the handler are unhandled.
    /// </param>
    /// <param name="comparer">The comparer that determines whether a value is equal to the current one. Null for the default comparer.</param>
    /// <param name="scope">The scope of the property. Null for <see cref="PropertyScope.Default"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="observedHandler"/> is null.</exception>
    [OverloadResolutionPriority(-1)] // A null second argument is the comparer.
    public Property(T value, Action<bool> observedHandler, IEqualityComparer<T>? comparer = null, PropertyScope? scope = null)
        : base(value, PropertyOptions<T>.Observed(comparer, scope, observedHandler)) => Version = FirstVersion;

    /// <summary>
    /// Occurs before a set value is stored, for toolkits that use <see cref="INotifyPropertyChanging"/>. The name of the property is "Value". Each
    /// handler is a slot of <see cref="Changing"/>.
    /// </summary>
    public event PropertyChangingEventHandler? PropertyChanging
    {
        add
        {
            if (value is not null)
            {
                HandlerConnections.Of(this).Add(value, Changing.Connect((_, _) => value(this, ValueChanging)));
            }
        }
        remove => ExtrasOfT?.Handlers?.Remove(value);
    }

    /// <summary>Gets or sets the value.</summary>
    /// <exception cref="InvalidOperationException">The property is set while it is bound.</exception>
    /// <exception cref="ObjectDisposedException">The property is set after it has been disposed.</exception>
    /// <exception cref="PropertyCycleException">
    /// The property is set inside a computation, or by the hundredth effect of a chain of changes; or it is bound and needs its own value.
    /// </exception>
    /// <exception cref="Exception">
    /// A slot of <see cref="Changing"/> or the comparer threw, and the value is not set; or slots or effects threw while the change was told: a single
    /// exception as it was thrown, several as an <see cref="AggregateException"/>. The computation of a bound property threw when it was read.
    /// </exception>
    public T Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => PropertyContext.IsQuiet && ExtrasOfT is not { IsReadOnly: true } && TryReadField(out T value) ? value : Read(isTracked: true);
        set
        {
            if (!TrySetPlainly(value))
            {
                Set(value);
            }
        }
    }

    /// <summary>Gets a value that indicates whether the property follows a computation.</summary>
    public bool IsBound => ExtrasOfT?.Binding is { IsBound: true };

    /// <summary>
    /// Gets a signal that is emitted with the current and the new value before a set value is stored. A slot that throws prevents the change: the
    /// setter throws the exception. If the value changes meanwhile, the signal is emitted again.
    /// </summary>
    /// <remarks>The signal is also emitted in batches. It is not emitted when a bound property follows its computation.</remarks>
    public ISignal<T, T> Changing
    {
        get
        {
            if (ExtrasOfT?.Changing is { } known)
            {
                return known;
            }

            return Publish(static extras => extras.Changing ??= new Signal<T, T>());
        }
    }

    /// <summary>
    /// Gets a signal that is emitted once, on the thread that disposes the property, after its connections have ended. Connecting to it
    /// afterwards throws <see cref="ObjectDisposedException"/>.
    /// </summary>
    public ISignal Disposed
    {
        get
        {
            if (ExtrasOfT?.Disposed is { } known)
            {
                return known;
            }

            return Publish(static extras => extras.Disposed ??= new Signal());
        }
    }

    internal override Func<T>? Computation => ExtrasOfT?.Binding?.Compute;

    internal override bool IsComputing => Computation is not null;

    internal override ref ComputationState State => ref ExtrasOfT!.Binding!.State;

    /// <summary>
    /// Binds the property to a computation: it is computed now, and follows what the computation has read until <see cref="Unbind"/>. A
    /// previous binding is replaced.
    /// </summary>
    /// <param name="compute">The computation. It may not set properties.</param>
    /// <param name="expression">The text of the computation, for messages. The compiler provides it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="compute"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The property has been disposed.</exception>
    /// <exception cref="PropertyCycleException">The computation needs the property itself, or the method is called inside a computation.</exception>
    /// <exception cref="Exception">The computation threw. The property is not bound and keeps its value.</exception>
    public void Bind(Func<T> compute, [CallerArgumentExpression(nameof(compute))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(compute);
        PropertyContext context = BeginBind();
        if (InstallBinding(compute, expression, context, out long versionBefore) is not { } binding)
        {
            throw Ended();
        }

        bool isRun = false;
        try
        {
            PropertyGraph.Refresh(this, context);
            isRun = true;
        }
        finally
        {
            Exception? failure = ExtrasOfT!.Failure;
            if (!isRun || failure is not null)
            {
                RemoveBinding(binding, compute, context, versionBefore);
            }

            context.TellScheduled();
            if (isRun && failure is not null)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
        }
    }

    /// <summary>
    /// Binds the property to a computation that runs only when an evaluator evaluates, at most once in each round, the first time included. The property
    /// keeps its value until then. Disposing the evaluator unbinds the property. A previous binding is replaced.
    /// </summary>
    /// <param name="evaluator">The evaluator. Exceptions of the computation are those of its slots.</param>
    /// <param name="compute">The computation. It may not set properties.</param>
    /// <param name="expression">The text of the computation, for messages. The compiler provides it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> or <paramref name="compute"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The property or the evaluator has been disposed.</exception>
    /// <exception cref="PropertyCycleException">The method is called inside a computation.</exception>
    public void Bind(ConnectionEvaluator evaluator, Func<T> compute, [CallerArgumentExpression(nameof(compute))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(compute);
        BeginBind();
        var effect = new EffectNode(new DeferredBinding<T>(this, compute), evaluator, expression);
        effect.FollowEvaluator();
        PropertyGraph.Lock.Enter();
        bool isEnded;
        try
        {
            PropertyExtras<T> extras = EnsureExtrasOfT();
            isEnded = extras.IsDisposed || effect.IsDisposed;
            if (!isEnded)
            {
                (extras.Binding ??= new Binding<T>()).Deferred = effect;
                extras.IsReadOnly = true;
            }
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        if (isEnded)
        {
            effect.Dispose();
            throw Ended();
        }

        effect.Post();
    }

    /// <summary>
    /// Ends the binding. The property keeps the value that it would have when read now or, if the computation throws, the last one. Does
    /// nothing if the property is not bound.
    /// </summary>
    /// <exception cref="PropertyCycleException">The method is called inside a computation.</exception>
    public void Unbind()
    {
        PropertyContext context = PropertyContext.Current;
        context.ThrowIfReadOnly(this);
        ReleaseBinding(context);
        context.TellScheduled();
    }

    /// <summary>
    /// Disposes the property: unbinds it, ends its connections, and emits <see cref="Disposed"/>. Its value can still be read; setting it
    /// throws <see cref="ObjectDisposedException"/>. Further calls do nothing.
    /// </summary>
    /// <exception cref="Exception">An observer or a slot of <see cref="Disposed"/> threw.</exception>
    public void Dispose()
    {
        PropertyContext context = PropertyContext.Current;
        ReleaseBinding(context);
        PropertyExtras<T> extras;
        PropertyGraph.Lock.Enter();
        try
        {
            extras = EnsureExtrasOfT();
            if (extras.IsDisposed)
            {
                return;
            }

            extras.IsDisposed = true;
            extras.IsReadOnly = true;
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        var failures = new PropertyFailures();
        context.TellScheduled(ref failures);
        bool tracked = context.StopTracking();
        EndSignals(extras, ref failures);
        context.ContinueTracking(tracked);
        failures.ThrowIfAny();
    }

    internal override string Describe() =>
        ExtrasOfT?.Binding is { IsBound: true } binding
            ? $"{TypeNames.Of(GetType())} bound to {binding.Text ?? binding.Deferred?.Text}"
            : TypeNames.Of(GetType());

    /// <summary>Sets the value by the binding of an evaluator.</summary>
    internal void SetByBinding(T value, EffectNode binding)
    {
        PropertyContext context = PropertyContext.Current;
        T before;
        long version;
        do
        {
            before = Snapshot(out version, out _);
            if (ExtrasOfT!.Binding!.Deferred != binding || AreEqual(before, value, context))
            {
                return;
            }
        } while (!TryStore(value, version, context, binding));

        context.TellScheduled();
    }

    /// <summary>Ends the binding of an evaluator that has been disposed.</summary>
    internal void EndBinding(EffectNode binding)
    {
        PropertyGraph.Lock.Enter();
        PropertyExtras<T>? extras = ExtrasOfT;
        if (extras?.Binding is { } current && current.Deferred == binding)
        {
            current.Deferred = null;
            extras.IsReadOnly = extras.IsDisposed;
        }

        PropertyGraph.Lock.Exit();
    }

    private void Set(T value)
    {
        PropertyContext context = PropertyContext.Current;
        context.ThrowIfReadOnly(this);
        while (true)
        {
            ThrowIfReadOnly();
            T before = Snapshot(out long version, out _);
            if (AreEqual(before, value, context))
            {
                return;
            }

            if (ExtrasOfT?.Changing is { IsEmpty: false } changing)
            {
                EmitChanging(changing, before, value, context);
            }

            if (PropertyContext.IsPlain && ExtrasOfT is { } extras && TryStoreAndTell(value, version, extras))
            {
                return;
            }

            if (TryStore(value, version, context))
            {
                context.TellScheduled();
                return;
            }
        }
    }

    private static void EmitChanging(Signal<T, T> changing, T before, T value, PropertyContext context)
    {
        bool tracked = context.StopTracking();
        try
        {
            changing.Emit(before, value);
        }
        finally
        {
            context.ContinueTracking(tracked);
        }
    }

    private void ThrowIfReadOnly()
    {
        if (ExtrasOfT is { IsReadOnly: true } extras)
        {
            throw extras.IsDisposed
                ? Ended()
                : new InvalidOperationException($"{Describe()} cannot be set because it is bound. Call {nameof(Unbind)} first.");
        }
    }

    private ObjectDisposedException Ended() =>
        new(TypeNames.Of(GetType()), $"This {TypeNames.Of(GetType())} has been disposed: it can be read, but not set, bound or connected to.");

    /// <summary>Ends a previous binding, and returns the context of the thread.</summary>
    private PropertyContext BeginBind()
    {
        PropertyContext context = PropertyContext.Current;
        context.ThrowIfReadOnly(this);
        if (IsEnded)
        {
            throw Ended();
        }

        ReleaseBinding(context);
        return context;
    }

    /// <summary>Creates a signal of the extras, which is disposed if the property is.</summary>
    private TSignal Publish<TSignal>(Func<PropertyExtras<T>, TSignal> create)
        where TSignal : SignalBase
    {
        PropertyGraph.Lock.Enter();
        TSignal signal;
        bool isDisposed;
        try
        {
            PropertyExtras<T> extras = EnsureExtrasOfT();
            signal = create(extras);
            isDisposed = extras.IsDisposed;
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        if (isDisposed)
        {
            signal.Dispose();
        }

        return signal;
    }
}
