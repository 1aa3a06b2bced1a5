using Signals.Nats.Wire;
using Signals.Remote;

namespace Signals.Nats.Exporting;

/// <summary>The exports that have published emissions, and the numbers of these. Used by the sending loop.</summary>
internal sealed class PublishedExports(ulong exporter, Subjects subjects)
{
    /// <summary>The number of heartbeats that tell a number: one of them may be lost.</summary>
    private const int TellCount = 2;

    /// <summary>The number of heartbeats after which an export that publishes nothing is forgotten.</summary>
    private const int ForgetCount = 30;

    /// <summary>The maximum size of an export in a heartbeat.</summary>
    private const int MaxEntrySize = 18;

    private readonly Dictionary<ulong, PublishedExport> _byEpoch = [];

    /// <summary>Takes note of emissions that are being published.</summary>
    internal PublishedExport Add(in RemoteDelivery delivery)
    {
        if (!_byEpoch.TryGetValue(delivery.Epoch, out PublishedExport? export))
        {
            export = new PublishedExport(ValueHeader.Create(exporter, delivery.Epoch, delivery.TypeName!), subjects.Values + delivery.Name);
            _byEpoch.Add(delivery.Epoch, export);
        }

        export.Last = delivery.Last;
        export.ToldCount = 0;
        return export;
    }

    /// <summary>Creates a heartbeat, whose numbers are those of what was published before it. The next ones have those that do not fit.</summary>
    internal Heartbeat CreateHeartbeat(int maxBytes)
    {
        int maxEntries = Math.Max(1, maxBytes / MaxEntrySize);
        var heartbeat = new Heartbeat { Exporter = exporter };
        List<ulong>? forgotten = null;
        foreach ((ulong epoch, PublishedExport export) in _byEpoch)
        {
            if (export.ToldCount < TellCount && heartbeat.Epochs.Count >= maxEntries)
            {
                continue;
            }

            if (export.ToldCount < TellCount)
            {
                heartbeat.Epochs.Add(epoch);
                heartbeat.Numbers.Add(export.Last);
            }

            if (++export.ToldCount == ForgetCount)
            {
                (forgotten ??= []).Add(epoch);
            }
        }

        forgotten?.ForEach(epoch => _byEpoch.Remove(epoch));
        return heartbeat;
    }
}
