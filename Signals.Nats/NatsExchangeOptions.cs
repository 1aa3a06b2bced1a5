using Microsoft.Extensions.Logging;

namespace Signals.Nats;

/// <summary>Options of a <see cref="NatsExchange"/>. They are copied when the exchange is created.</summary>
public sealed class NatsExchangeOptions
{
    /// <summary>
    /// Gets or sets the beginning of all subjects. Exchanges with different prefixes are independent of each other. The default is "signals".
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The value does not consist of segments of letters, digits, "_" and "-" that are separated by dots, or has more than 64 characters.
    /// </exception>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public string Prefix
    {
        get;
        set => field = Subjects.CheckPrefix(value, nameof(value));
    } = "signals";

    /// <summary>
    /// Gets or sets the evaluator that runs the slots of imports, and those of the signals of exports. The default is null: a
    /// <see cref="ThreadPoolEvaluator"/>, which the exchange disposes.
    /// </summary>
    public ConnectionEvaluator? Evaluator { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether <see cref="Remote.ExportOptions.Replay"/> may be set. The exporter keeps the emissions to replay in its memory, and
    /// sends them to each new importer separately. The default is <see langword="false"/>: such exports are refused with
    /// <see cref="NotSupportedException"/>. Properties have their current value in any case.
    /// </summary>
    public bool ReplayFromMemory { get; set; }

    /// <summary>
    /// Gets or sets the maximum number of subscriptions of each importer to the exports of this exchange, including waiting ones. Further ones are refused.
    /// The default is 65,536.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxSubscriptionsPerImporter
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 65_536;

    /// <summary>
    /// Gets or sets the maximum number of importers of the exports of this exchange. Further ones wait until others end. The default is 65,536.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxImporters
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 65_536;

    /// <summary>Gets or sets the logger. The default is null: nothing is logged.</summary>
    public ILogger? Logger { get; set; }

    /// <summary>Gets or sets the clock of heartbeats and leases. The default is the clock of the system.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = TimeProvider.System;

    internal NatsExchangeOptions Copy() => (NatsExchangeOptions)MemberwiseClone();
}
