namespace Signals;

/// <summary>
/// A property whose value is the result of a computation, which follows the properties that it has read. <see cref="Computed.Of"/> creates
/// one.
/// </summary>
/// <remarks>
/// <para>While nothing is connected to it, directly or through other computed properties and effects, the computation runs when the value is read,
/// and only if something that it has read has changed. The properties that it has read do not keep it alive then.</para>
/// <para>What the computation throws is kept and thrown by each read, until something that it has read changes.</para>
/// <para>All members are thread-safe. Two threads that read a property that is not current may both compute it.</para>
/// </remarks>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class Computed<T> : PropertyBase<T>, IReadOnlyProperty<T>, IDisposable
{
    private readonly string? _text;
    private Func<T>? _compute;
    private ComputationState _state = new();

    internal Computed(Func<T> compute, PropertyOptions<T>? options, string? text)
        : base(default!, options)
    {
        _compute = compute;
        _text = text;
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The property was disposed before it was computed.</exception>
    public T Value =>
        PropertyContext.IsQuiet && Extras is null && PropertyGraph.IsCurrent(ref _state) && TryReadField(out T value) ? value : Read(isTracked: true);

    internal override Func<T>? Computation => _compute;

    internal override bool IsComputing => _compute is not null;

    internal override ref ComputationState State => ref _state;

    /// <summary>
    /// Disposes the property: ends its connections, and lets go of what its computation has read. It keeps its value. Further calls do nothing.
    /// </summary>
    /// <exception cref="Exception">An observer threw when it was completed.</exception>
    public void Dispose()
    {
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
            _compute = null;
            PropertyGraph.End(this);
        }
        finally
        {
            PropertyGraph.Lock.Exit();
        }

        var failures = new PropertyFailures();
        EndSignals(extras, ref failures);
        failures.ThrowIfAny();
    }

    internal override string Describe() => $"{TypeNames.Of(GetType())} {_text}";
}
