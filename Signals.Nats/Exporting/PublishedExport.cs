using NATS.Client.Core;

namespace Signals.Nats.Exporting;

/// <summary>An export that has published emissions. Used by the sending loop.</summary>
/// <param name="headers">The header of its messages.</param>
/// <param name="subject">The subject of its messages.</param>
internal sealed class PublishedExport(NatsHeaders headers, string subject)
{
    /// <summary>The number of the last emission.</summary>
    internal ulong Last;

    /// <summary>The number of heartbeats that contained the number of the last emission.</summary>
    internal int ToldCount;

    internal NatsHeaders Headers => headers;

    internal string Subject => subject;
}
