using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Compare;

/// <summary>
/// The memory of publishers and their connections, without the slots, which exist before, and with the objects that are needed to
/// disconnect.
/// </summary>
internal static class MemoryRows
{
    private const int Connections = 20_000;
    private const int HandleSize = 16;

    internal static void AddTo(Table table)
    {
        table.Add(CreateRow("memory of an idle signal", 0, 32));
        table.Add(CreateRow("memory per connection and handle, 1 connection", 1, 24 + HandleSize));
        table.Add(CreateRow("memory per connection and handle, 10 connections", 10, 34 + HandleSize));
        table.Add(CreateRow("memory per connection and handle, 1,000 connections", 1_000, 26 + HandleSize));
    }

    private static Row CreateRow(string measure, int connectionsOfEach, double goal) =>
        new(
            measure,
            "B",
            Retained<SignalPublisher<int>, ConnectionHandle>(connectionsOfEach),
            [
                new PeerFigure(PeerKind.Event, null, Retained<EventPublisher<int>, EventSlot<int>>(connectionsOfEach)),
                new PeerFigure(PeerKind.Rx, null, Retained<SubjectPublisher<int>, Subscription>(connectionsOfEach)),
                new PeerFigure(PeerKind.R3, null, Retained<ReactiveSubjectPublisher<int>, Subscription>(connectionsOfEach)),
            ],
            Goal.AtMost(goal)
        );

    /// <summary>Bytes per publisher if they have no connections, else bytes per connection beyond what idle publishers hold.</summary>
    private static double Retained<TPublisher, THandle>(int connectionsOfEach)
        where TPublisher : struct, IPublisher<TPublisher, THandle, int>
        where THandle : struct
    {
        Action<int>[] slots = PolymorphicSlots<int>.Get(connectionsOfEach);
        var publishers = new TPublisher[Connections / Math.Max(1, connectionsOfEach)];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < publishers.Length; i++)
        {
            publishers[i] = TPublisher.Create();
        }

        long idle = GC.GetTotalMemory(forceFullCollection: true);
        if (connectionsOfEach == 0)
        {
            GC.KeepAlive(publishers);
            return (double)(idle - before) / publishers.Length;
        }

        THandle[] handles = TPublisher.NeedsHandle ? new THandle[Connections] : [];
        int next = 0;
        foreach (TPublisher publisher in publishers)
        {
            foreach (Action<int> slot in slots)
            {
                THandle handle = publisher.Connect(slot);
                if (TPublisher.NeedsHandle)
                {
                    handles[next] = handle;
                    next++;
                }
            }
        }

        long connected = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(publishers);
        GC.KeepAlive(handles);
        return (double)(connected - idle) / Connections;
    }
}
