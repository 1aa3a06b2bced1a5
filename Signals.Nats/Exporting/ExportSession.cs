using Signals.Remote;

namespace Signals.Nats.Exporting;

/// <summary>An importer that has a lease.</summary>
/// <param name="importer">The importer.</param>
/// <param name="id">The number that identifies the session. The importer begins another session after messages were lost.</param>
/// <param name="outlet">The subscriptions of the importer.</param>
internal sealed class ExportSession(ulong importer, ulong id, RemoteOutlet outlet)
{
    /// <summary>The number of the last request.</summary>
    internal ulong Received;

    /// <summary>The time of the last request or lease.</summary>
    internal long HeardAt;

    /// <summary>The number of the last batch or reply that was sent. Used by the sending loop only.</summary>
    internal ulong Sent;

    internal ulong Importer => importer;

    internal ulong Id => id;

    internal RemoteOutlet Outlet => outlet;
}
