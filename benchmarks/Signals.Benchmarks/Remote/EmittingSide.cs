using System.Diagnostics;
using System.Net.Sockets;
using Signals.Benchmarks.Ipc;

namespace Signals.Benchmarks.Remote;

/// <summary>The other process of the comparison, with the emitters of all libraries.</summary>
internal static class EmittingSide
{
    internal const string Command = "remote-emitters";

    /// <summary>Emits as the lines of the control socket say, until it is closed.</summary>
    internal static async Task<int> RunAsync(string folder)
    {
        string PathOf(string name) => Path.Combine(folder, name);
        var emitters = new Dictionary<string, IEmitter>
        {
            [Library.Signals] = new SignalsEmitter(PathOf(Library.Signals)),
            [Library.Socket] = new SocketEmitter(PathOf(Library.Socket)),
            [Library.Grpc] = await GrpcEmitter.StartAsync(PathOf(Library.Grpc)),
            [Library.JsonRpc] = new JsonRpcEmitter(PathOf(Library.JsonRpc)),
        };
        using Socket listener = RawSockets.Listen(PathOf(Library.Control));
        Console.WriteLine("ready");
        using Socket control = await listener.AcceptAsync();
        using Socket acknowledgements = await listener.AcceptAsync();
        using var stream = new NetworkStream(control);
        using var reader = new StreamReader(stream);
        using var writer = new StreamWriter(stream) { AutoFlush = true };
        while (await reader.ReadLineAsync() is { } line)
        {
            var run = EmittingRun.Parse(line);
            await writer.WriteLineAsync((await EmitAsync(emitters[run.Emitter], run, acknowledgements)).ToString());
        }

        foreach (IEmitter emitter in emitters.Values)
        {
            await emitter.DisposeAsync();
        }

        return 0;
    }

    private static async Task<EmitterCost> EmitAsync(IEmitter emitter, EmittingRun run, Socket acknowledgements)
    {
        var pace = new Pace(acknowledgements, run.Window, run.Interval);
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan used = Environment.CpuUsage.TotalTime;
        var emitting = default(TimeSpan);
        for (int i = 0; i < run.Count; )
        {
            pace.Wait(i);
            long start = Stopwatch.GetTimestamp();
            for (int end = i + run.Interval; i < end; i++)
            {
                await emitter.EmitAsync(new StampedValue(run.IsTimed ? Stopwatch.GetTimestamp() : 0, i), isLast: i + 1 == end);
            }

            emitting += Stopwatch.GetElapsedTime(start);
        }

        pace.Wait(run.Count, untilAll: true);
        used = Environment.CpuUsage.TotalTime - used;
        return new EmitterCost(
            emitting.TotalNanoseconds / run.Count,
            used.TotalNanoseconds / run.Count,
            (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)run.Count
        );
    }
}
