using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Signals.Ipc.Host;

namespace Signals.Ipc.Telemetry;

/// <summary>
/// Observes the hosts of the process, without keeping them alive, when a listener collects measurements. All members are thread-safe. Not
/// called while a lock is held: the first call creates the instruments, of which listeners are notified.
/// </summary>
internal static class HostMetrics
{
    /// <summary>The hosts that listen.</summary>
    private static readonly ConditionalWeakTable<HostClients, object?> Hosts = [];

    /// <summary>The numbers of frames that hosts which have stopped had dropped: a counter does not decrease. Addresses without one are not contained.</summary>
    private static readonly ConcurrentDictionary<ServerAddress, long> DroppedBefore = new();

    static HostMetrics()
    {
        Create("active_connections", "{connection}", "The number of connected clients.", static counts => counts.Connections);
        Create("active_calls", "{call}", "The number of active calls of all clients.", static counts => counts.ActiveCalls);
        Create(
            "paused_clients",
            "{client}",
            "The number of clients whose requests are not read, because a limit is reached.",
            static counts => counts.PausedClients
        );
        Create("unsent_bytes", "By", "The number of bytes that wait to be sent to clients.", static counts => counts.UnsentBytes);
        _ = ListenerFailure.TryCreate(static () =>
            CallMetrics.Meter.CreateObservableCounter(
                "signals.ipc.server.dropped_frames",
                static () => Observe(static counts => counts.DroppedFrames, DroppedByStopped()),
                "{frame}",
                "The number of frames that were dropped because they are not messages of the protocol."
            )
        );
    }

    /// <summary>Begins to observe a host. Does nothing if it is observed.</summary>
    internal static void Add(HostClients host) => Hosts.TryAdd(host, null);

    /// <summary>Ends observing a host, which has stopped.</summary>
    internal static void Remove(HostClients host)
    {
        if (!Hosts.Remove(host))
        {
            return;
        }

        foreach ((ServerAddress address, EndpointCounts counts) in host.CountByEndpoint())
        {
            if (counts.DroppedFrames > 0)
            {
                DroppedBefore.AddOrUpdate(address, counts.DroppedFrames, (_, before) => before + counts.DroppedFrames);
            }
        }
    }

    private static void Create(string name, string unit, string description, Func<EndpointCounts, long> select) =>
        _ = ListenerFailure.TryCreate(() =>
            CallMetrics.Meter.CreateObservableUpDownCounter($"signals.ipc.server.{name}", () => Observe(select, []), unit, description)
        );

    /// <summary>Returns a measurement for each address: listeners take one of several with the same attributes.</summary>
    private static List<Measurement<long>> Observe(Func<EndpointCounts, long> select, Dictionary<ServerAddress, EndpointCounts> sums)
    {
        foreach ((HostClients host, _) in Hosts)
        {
            foreach ((ServerAddress address, EndpointCounts counts) in host.CountByEndpoint())
            {
                EndpointCounts sum = sums.GetValueOrDefault(address);
                sum.Add(counts);
                sums[address] = sum;
            }
        }

        return [.. sums.Select(sum => new Measurement<long>(select(sum.Value), sum.Key.Attributes))];
    }

    private static Dictionary<ServerAddress, EndpointCounts> DroppedByStopped() =>
        DroppedBefore.ToDictionary(static ended => ended.Key, static ended => new EndpointCounts { DroppedFrames = ended.Value });
}
