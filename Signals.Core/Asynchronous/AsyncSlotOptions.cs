using System.Threading.Channels;

namespace Signals;

/// <summary>Options of the connection of an asynchronous slot. They are read when the connection is made; later changes do not affect it.</summary>
public sealed class AsyncSlotOptions
{
    private AsyncSlotMode _mode;
    private int _maxConcurrency = int.MaxValue;
    private int? _capacity;
    private BoundedChannelFullMode _fullMode;

    /// <summary>
    /// Gets or sets what an emission does while the slot is still running. The default is <see cref="AsyncSlotMode.Sequential"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a defined <see cref="AsyncSlotMode"/>.</exception>
    public AsyncSlotMode Mode
    {
        get => _mode;
        set => _mode = OptionValue.Defined(value);
    }

    /// <summary>
    /// Gets or sets the maximum number of runs that are active at the same time in the mode <see cref="AsyncSlotMode.Parallel"/>. The default
    /// is <see cref="int.MaxValue"/>. The other modes ignore it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxConcurrency
    {
        get => _maxConcurrency;
        set =>
            _maxConcurrency =
                value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(MaxConcurrency)} must be at least 1.");
    }

    /// <summary>
    /// Gets or sets the maximum number of queued emissions in the modes <see cref="AsyncSlotMode.Sequential"/> and
    /// <see cref="AsyncSlotMode.Parallel"/>, or null for no limit. The default is null. Active runs do not count. The other modes ignore it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int? Capacity
    {
        get => _capacity;
        set => _capacity = OptionValue.Limit(value);
    }

    /// <summary>
    /// Gets or sets what an emission does when the queue is full. The default is <see cref="BoundedChannelFullMode.Wait"/>.
    /// </summary>
    /// <remarks>
    /// <see cref="BoundedChannelFullMode.Wait"/> blocks the thread that calls <see cref="Signal{T}.Emit"/> until there is room, and makes
    /// <see cref="Signal{T}.EmitAsync"/> await it. An emission from inside a run of the connection never waits; it exceeds the capacity instead.
    /// So does an emission from a slot that the connection's evaluator is running.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a defined <see cref="BoundedChannelFullMode"/>.</exception>
    public BoundedChannelFullMode FullMode
    {
        get => _fullMode;
        set => _fullMode = OptionValue.Defined(value);
    }

    /// <summary>
    /// Gets or sets the handler for the exceptions of the slot, which is called with the connection, on the thread on which the run ended. The
    /// default is null: the <see cref="SignalOptions.ExceptionHandler"/> of the signal is called.
    /// </summary>
    /// <remarks>
    /// <para>Without either handler, the exception is thrown by the <see cref="Signal{T}.EmitAsync"/> that awaits the run. If none does, it is
    /// unhandled and ends the process, as on any thread.</para>
    /// <para>An <see cref="OperationCanceledException"/> that ends a run whose token has been canceled is not a failure, and is ignored.</para>
    /// </remarks>
    public Action<Exception, ConnectionHandle>? ExceptionHandler { get; set; }
}
