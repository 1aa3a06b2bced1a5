namespace Signals.Remote;

/// <summary>Options of an import. They are copied when the signal is imported.</summary>
public sealed class ImportOptions
{
    /// <summary>Gets or sets the behavior when the queue is full. The default is null: as the exporter has chosen.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public RemoteOverflow? Overflow
    {
        get;
        set => field = value is null ? null : OptionValues.Defined(value.Value, nameof(value));
    }

    /// <summary>
    /// Gets or sets the maximum number of values between an emission and the slots. The exporter's capacity limits it. The default is null: the exporter's
    /// capacity.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? Capacity
    {
        get;
        set => field = value is null ? null : OptionValues.Positive(value.Value, nameof(value));
    }

    /// <summary>
    /// Gets or sets the earlier emissions to receive. What the exporter keeps limits it. The default is null: all that the exporter keeps.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public RemoteReplay? Replay
    {
        get;
        set => field = value is null ? null : OptionValues.Defined(value.Value, nameof(value));
    }

    /// <summary>
    /// Gets or sets the maximum number of emissions to receive with <see cref="RemoteReplay.Last"/>. The default is null: all that the exporter keeps.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int? ReplayCount
    {
        get;
        set => field = value is null ? null : OptionValues.Positive(value.Value, nameof(value));
    }

    /// <summary>
    /// Gets or sets a value that indicates whether the import is subscribed also while nothing is connected to it, until it is disposed. The default is
    /// <see langword="false"/>.
    /// </summary>
    public bool KeepLive { get; set; }

    /// <summary>
    /// Gets or sets the evaluator that runs the slots. The default is null: that of the importer. Disposing the evaluator ends the import.
    /// </summary>
    public ConnectionEvaluator? Evaluator { get; set; }

    internal ImportOptions Copy() => (ImportOptions)MemberwiseClone();
}
