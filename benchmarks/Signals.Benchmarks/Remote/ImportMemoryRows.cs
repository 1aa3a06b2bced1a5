using Signals.Benchmarks.Compare;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Benchmarks.Remote;

/// <summary>The memory of many imports over one connection.</summary>
internal static class ImportMemoryRows
{
    private const int Connections = 100;
    private const double BytesOfConnection = 600;

    internal static async Task AddToAsync(Table table, Session session)
    {
        // The first round loads code and buffers.
        await MeasureAsync(session);
        double bytes = await MeasureAsync(session);
        table.Add(new Row($"{SignalsEmitter.ManyNames:#,0} names x {Connections} connections, each", "B", bytes, [], Goal.AtMost(BytesOfConnection)));
    }

    private static async Task<double> MeasureAsync(Session session)
    {
        Action<Guid> slot = static _ => { };
        await using var client = new IpcClient(IpcEndpoint.Parse(session.PathOf(Library.Signals)));
        await client.ConnectAsync();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var imports = new List<RemoteSignal<Guid>>(SignalsEmitter.ManyNames);
        for (int name = 0; name < SignalsEmitter.ManyNames; name++)
        {
            RemoteSignal<Guid> import = client.Import<Guid>(SignalsEmitter.NameOf(name));
            imports.Add(import);
            for (int i = 0; i < Connections; i++)
            {
                import.Connect(slot);
            }
        }

        foreach (RemoteSignal<Guid> import in imports)
        {
            await import.WaitUntilLiveAsync();
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(imports);
        return (after - before) / ((double)SignalsEmitter.ManyNames * Connections);
    }
}
