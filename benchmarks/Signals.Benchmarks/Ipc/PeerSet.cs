using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Ipc.Peers;

namespace Signals.Benchmarks.Ipc;

/// <summary>The processes with the hosts of the compared libraries, and a warm client of each. All are created when they are first needed.</summary>
internal sealed class PeerSet : IDisposable
{
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromMilliseconds(800);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("signals-");
    private readonly Dictionary<Library, ChildProcess> _hosts = [];
    private readonly Dictionary<Library, EchoClient> _clients = [];

    /// <summary>Gets the folder of all sockets.</summary>
    internal string Folder => _folder.FullName;

    /// <summary>Returns the path of the socket of a host, which is running.</summary>
    internal string PathOf(Library library)
    {
        _ = HostOf(library);
        return Path.Combine(Folder, library.Name);
    }

    /// <summary>Returns the process of a host.</summary>
    internal ChildProcess HostOf(Library library)
    {
        if (!_hosts.TryGetValue(library, out ChildProcess? host))
        {
            host = OtherSide.StartHost(library, Folder);
            _hosts.Add(library, host);
            host.ReadLine();
        }

        return host;
    }

    /// <summary>Returns a new client.</summary>
    internal EchoClient Connect(Library library) => library.ConnectAsync(PathOf(library)).GetAwaiter().GetResult();

    /// <summary>Returns the client that all rows share, and whose code has been compiled.</summary>
    internal EchoClient ClientOf(Library library)
    {
        if (!_clients.TryGetValue(library, out EchoClient? client))
        {
            client = Connect(library);
            _clients.Add(library, client);
            Turns.Measure(turn => client.CallAsync(turn, window: 1, EchoText.Usual), WarmUpTime / 2);
            Turns.Measure(turn => client.CallAsync(turn, window: 64, EchoText.Usual), WarmUpTime);
        }

        return client;
    }

    /// <summary>Measures the same operation of all libraries in turns.</summary>
    /// <param name="libraries">The libraries. The first one is this library.</param>
    /// <param name="measure">The name of the row.</param>
    /// <param name="unit">The unit of the row.</param>
    /// <param name="scale">The factor from operations a second to the unit.</param>
    /// <param name="goal">The goal.</param>
    /// <param name="contender">Returns the operation of a client.</param>
    internal Row MeasureRates(
        IReadOnlyList<Library> libraries,
        string measure,
        string unit,
        double scale,
        Goal goal,
        Func<EchoClient, Func<Turn, Task<long>>> contender
    )
    {
        double[] rates = Turns.RatesOf([.. libraries.Select(library => contender(ClientOf(library)))]);
        return RowOf(libraries, measure, unit, [.. rates.Select(rate => rate * scale)], goal);
    }

    /// <summary>Returns a row with a figure of each library, the first of which is this library.</summary>
    internal static Row RowOf(IReadOnlyList<Library> libraries, string measure, string unit, IReadOnlyList<double> figures, Goal goal) =>
        new(measure, unit, figures[0], [.. libraries.Zip(figures).Skip(1).Select(peer => new PeerFigure(peer.First.Kind, null, peer.Second))], goal);

    public void Dispose()
    {
        foreach (EchoClient client in _clients.Values)
        {
            client.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        foreach (ChildProcess host in _hosts.Values)
        {
            host.Dispose();
        }

        _folder.Delete(recursive: true);
    }
}
