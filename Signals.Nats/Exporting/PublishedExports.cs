using Signals.Nats.Wire;
using Signals.Remote;

namespace Signals.Nats.Exporting;

/// <summary>The exports that have published emissions, and the numbers of these. Used by the sending loop.</summary>
internal sealed class PublishedExports(ulong exporter, Subjects subjects)
{
    /// <summary>The number of heartbeats that contain the number of a last emission: one of them may be lost.</summary>
    private const int TellCount = 2;

    /// <summary>The number of heartbeats without an emission after which an export is removed.</summary>
    private const int ForgetCount = 30;

    /// <summary>The maximum size of an export in a heartbeat.</summary>
    private const int MaxEntrySize = 18;

    private readonly Dictionary<ulong, PublishedExport> _byEpoch = [];

    /// <summary>Records emissions that are being published.</summary>
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

    /// <summary>Creates a heartbeat with the numbers of the emissions that were published before it. Numbers that do not fit are part of the next ones.</summary>
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

    /// <summary>Creates the last heartbeat, with the numbers of the last emissions.</summary>
    internal Heartbeat CreateLastHeartbeat(int maxBytes)
    {
        var heartbeat = new Heartbeat { Exporter = exporter, IsLeaving = true };
        foreach (
            (ulong epoch, PublishedExport export) in _byEpoch.OrderBy(static entry => entry.Value.ToldCount).Take(Math.Max(1, maxBytes / MaxEntrySize))
        )
        {
            heartbeat.Epochs.Add(epoch);
            heartbeat.Numbers.Add(export.Last);
        }

        return heartbeat;
    }
}
