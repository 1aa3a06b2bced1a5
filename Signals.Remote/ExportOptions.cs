namespace Signals.Remote;

/// <summary>Options of an export. They are copied when the signal is exported.</summary>
public sealed class ExportOptions
{
    /// <summary>
    /// Gets or sets the behavior of a subscription whose queue is full, unless the importer chooses another one. The default is
    /// <see cref="RemoteOverflow.DropOldest"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public RemoteOverflow Overflow
    {
        get;
        set => field = OptionValues.Defined(value, nameof(value));
    }

    /// <summary>
    /// Gets or sets the maximum number of values between an emission and the slots of each import, on both sides together. The default is 1,024.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Capacity
    {
        get;
        set => field = OptionValues.Positive(value, nameof(value));
    } = 1024;

    /// <summary>Gets or sets the maximum size of the values that wait in the queue of a subscription, in bytes. The default is 1 MiB.</summary>
    /// <remarks>A single value may be larger. Exchanges that pass objects do not count bytes.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public long MaxQueuedBytes
    {
        get;
        set => field = OptionValues.Positive(value, nameof(value));
    } = 1024 * 1024;

    /// <summary>
    /// Gets or sets the earlier emissions that a new subscription may receive. The default is <see cref="RemoteReplay.None"/>; properties always replay
    /// their current value.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public RemoteReplay Replay
    {
        get;
        set => field = OptionValues.Defined(value, nameof(value));
    }

    /// <summary>Gets or sets the number of emissions that are kept for <see cref="RemoteReplay.Last"/>. The default is 16.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int ReplayCount
    {
        get;
        set => field = OptionValues.Positive(value, nameof(value));
    } = 16;

    /// <summary>Gets or sets the maximum number of subscriptions at the same time. The default is null: no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? MaxSubscribers
    {
        get;
        set => field = value is null ? null : OptionValues.Positive(value.Value, nameof(value));
    }

    /// <summary>
    /// Gets or sets the function that decides whether a process may subscribe, or ask to set the property. The default is null: all may. It is called for
    /// each subscription and again after a reconnection, on threads of the pool, never while a lock is held. An exception is a refusal.
    /// </summary>
    public Func<RemoteSubscriber, bool>? Authorize { get; set; }

    internal ExportOptions Copy() => (ExportOptions)MemberwiseClone();
}
