using System.Diagnostics;
using System.Net.Sockets;
using Signals.Benchmarks.Ipc;

namespace Signals.Benchmarks.Remote;

/// <summary>The emitting process, and the subscribers of this process.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("signals-");
    private readonly Dictionary<string, Receiver> _receivers = [];
    private readonly List<object> _subscribers = [];
    private readonly ChildProcess _process;
    private Socket? _acknowledgements;
    private StreamReader? _reader;
    private StreamWriter? _writer;

    private Session() => _process = ChildProcess.Start(EmittingSide.Command, "--folder", _folder.FullName);

    /// <summary>Starts the emitting process, and subscribes once to each of its emitters.</summary>
    internal static async Task<Session> StartAsync()
    {
        var session = new Session();
        await session._process.WaitUntilReadyAsync();
        var control = new NetworkStream(RawSockets.Connect(session.PathOf(Library.Control)), ownsSocket: true);
        session._acknowledgements = RawSockets.Connect(session.PathOf(Library.Control));
        session._reader = new StreamReader(control);
        session._writer = new StreamWriter(control) { AutoFlush = true };
        session._subscribers.Add(await Subscribers.ImportAsync(session.PathOf(Library.Signals), session.ReceiverOf(Library.Signals)));
        session._subscribers.Add(Subscribers.Read(session.PathOf(Library.Socket), session.ReceiverOf(Library.Socket)));
        session._subscribers.Add(Subscribers.Watch(session.PathOf(Library.Grpc), session.ReceiverOf(Library.Grpc)));
        session._subscribers.Add(Subscribers.Listen(session.PathOf(Library.JsonRpc), session.ReceiverOf(Library.JsonRpc)));
        return session;
    }

    /// <summary>Returns the path of a socket of the emitting process.</summary>
    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Returns the receiver of the values of a library.</summary>
    internal Receiver ReceiverOf(string library)
    {
        if (!_receivers.TryGetValue(library, out Receiver? receiver))
        {
            _receivers.Add(library, receiver = new Receiver(_acknowledgements!));
        }

        return receiver;
    }

    /// <summary>Has values emitted, and waits until all subscribers have received all.</summary>
    /// <param name="run">The run.</param>
    /// <param name="subscribers">The number of subscribers.</param>
    /// <param name="microseconds">Receives the times from the emissions to this process, if the run is timed.</param>
    /// <returns>The number of values per second, and the cost of a value for the emitting process.</returns>
    internal async Task<(double Rate, EmitterCost Cost)> EmitAsync(EmittingRun run, int subscribers = 1, double[]? microseconds = null)
    {
        Task completion = ReceiverOf(run.Emitter).Begin(run, subscribers, microseconds);
        long start = Stopwatch.GetTimestamp();
        await _writer!.WriteLineAsync(run.ToString());
        await completion;
        double rate = run.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        string cost = await _reader!.ReadLineAsync() ?? throw new InvalidOperationException("The emitting process has ended.");
        return (rate, EmitterCost.Parse(cost));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (object subscriber in _subscribers)
        {
            if (subscriber is IAsyncDisposable client)
            {
                await client.DisposeAsync();
            }
            else
            {
                ((IDisposable)subscriber).Dispose();
            }
        }

        _writer?.Dispose();
        _reader?.Dispose();
        _acknowledgements?.Dispose();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
