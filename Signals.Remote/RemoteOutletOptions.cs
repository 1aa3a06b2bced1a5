namespace Signals.Remote;

/// <summary>Limits of a connected importer, which its exchange chooses.</summary>
public sealed class RemoteOutletOptions
{
    /// <summary>
    /// Gets or sets the maximum size of an encoded value, in bytes. Larger ones are reported as <see cref="MissedCause.TooLarge"/>. The default is 65,536.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxValueBytes
    {
        get;
        set => field = OptionValues.Positive(value, nameof(value));
    } = 65_536;

    /// <summary>Gets or sets the maximum number of subscriptions, those that wait included. Further ones are refused. The default is 4,096.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxSubscriptions
    {
        get;
        set => field = OptionValues.Positive(value, nameof(value));
    } = 4096;

    internal RemoteOutletOptions Copy() => (RemoteOutletOptions)MemberwiseClone();
}
