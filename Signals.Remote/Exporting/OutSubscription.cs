using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>A subscription at the exporter. Guarded by the lock of the exports.</summary>
/// <param name="stream">The stream.</param>
/// <param name="request">The request.</param>
/// <param name="nameOfPattern">The name, if it is one of those that match the pattern of another subscription; otherwise null.</param>
/// <param name="importer">
/// The outlet of the importer if the exchange distributes emissions (<see cref="RemoteBroadcast"/>), which this subscription then does not receive. Otherwise null.
/// </param>
internal sealed class OutSubscription(OutStream stream, SubscribeRequest request, string? nameOfPattern = null, RemoteOutlet? importer = null)
{
    internal const long NoEntry = -1;

    /// <summary>The export that has granted the subscription, or is about to.</summary>
    internal ExportState? Export;

    internal OutState State;

    /// <summary>The subscriptions to the names that match, by name, if this one is to a pattern; otherwise null.</summary>
    internal Dictionary<string, OutSubscription>? Matching;

    /// <summary>Increases when the subscription is examined anew, so that the result of an earlier examination is ignored.</summary>
    internal int Examination;

    /// <summary>The positions of the first and the last unsent entry that counts for the limits.</summary>
    internal long First = NoEntry;
    internal long Last = NoEntry;

    /// <summary>The numbers of such entries that wait, and that are on their way.</summary>
    internal int Unsent;
    internal int InFlight;

    internal long UnsentBytes;

    /// <summary>The number of the last emission that was sent. Those between it and the next one that is sent were dropped, or never arrived here.</summary>
    internal long Sent;

    /// <summary>The number of the last emission.</summary>
    internal long LastNumber;

    /// <summary>Indicates whether the log of the export has emissions that the stream has not queued yet.</summary>
    internal bool IsBehind;

    /// <summary>The position of the first one in the log, if there are any.</summary>
    internal long Position;

    /// <summary>The subscriptions of the export that fell behind before and after this one.</summary>
    internal OutSubscription? PreviousBehind;
    internal OutSubscription? NextBehind;

    /// <summary>The grant that was queued, or null before that.</summary>
    internal Grant? Grant;

    /// <summary>The path that is queued, or null if it has been sent.</summary>
    internal SourcePath? Path;

    /// <summary>Indicates whether a further grant is queued, because an unknown number of emissions never arrived here.</summary>
    internal bool IsRestarting;

    /// <summary>The number of subscriptions of importers for which this one carries the emissions of an export, or zero.</summary>
    internal int CarriedCount;

    /// <summary>Identifies the export whose emissions are carried.</summary>
    internal ulong Epoch;

    internal OutStream Stream => stream;

    internal RemoteOutlet? Importer => importer;

    /// <summary>Gets a value that indicates whether emissions are queued for this subscription, rather than for the one that carries them.</summary>
    internal bool IsDirect => importer is null;

    internal SubscribeRequest Request => request;

    internal string? NameOfPattern => nameOfPattern;

    internal uint Id => request.Subscription;

    internal RemoteSubscriber Subscriber => (importer ?? stream.Outlet).Subscriber;

    internal RemoteOverflow Overflow { get; private set; }

    internal int Capacity { get; private set; }

    internal long MaxQueuedBytes { get; private set; }

    /// <summary>Gets the number of values that may be on their way, so that later ones can still replace each other.</summary>
    internal int Window => Overflow == RemoteOverflow.Latest ? 1 : Math.Max(1, Capacity / 2);

    internal bool IsFullWith(int size) => Unsent > 0 && (Unsent + InFlight >= Capacity || UnsentBytes + size > MaxQueuedBytes);

    /// <summary>Sets the options as agreed.</summary>
    internal void Agree(RemoteOverflow overflow, int capacity, long maxQueuedBytes)
    {
        Overflow = overflow;
        Capacity = overflow == RemoteOverflow.Latest ? 1 : capacity;
        MaxQueuedBytes = maxQueuedBytes;
    }
}
