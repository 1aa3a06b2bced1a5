using System.Diagnostics;
using System.Globalization;
using Signals.Benchmarks.Ipc;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Benchmarks.Remote;

/// <summary>
/// Imports signals and properties of a host of this process, of hosts in other processes, which are killed, and of clients; and has processes import them,
/// which are killed. Every number is accounted for.
/// </summary>
internal sealed class RemoteSoak : ISoakSubject
{
    internal const string Command = "remote-soak";

    private const int Visitors = 3;
    private const int NumbersOfVisit = 500;
    private const int LivesOfVictim = 3;
    private const int NumbersOfLife = 100;

    /// <summary>The time that an importing process works before it is killed.</summary>
    private static readonly TimeSpan WorkBeforeKill = TimeSpan.FromMilliseconds(50);

    /// <summary>The time after which something that does not happen fails the test.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly IpcHost _host = new();
    private readonly SoakNumbers _numbers;
    private readonly string _folder;
    private int _visits;
    private int _reverseVisits;
    private int _killedImporters;
    private int _restarts;
    private long _received;

    internal RemoteSoak(string folder)
    {
        _folder = folder;
        _numbers = new SoakNumbers(_host);
        _host.Start(IpcEndpoint.Parse(Socket));
    }

    public bool IsIdle => _host.ClientCount == 0 && _numbers.Subscribers == 0;

    public string Remainder => $"The host has {_host.ClientCount} clients and {_numbers.Subscribers} subscriptions.";

    private string Socket => Path.Combine(_folder, "host");

    public async Task<string> WorkAsync(TimeSpan time)
    {
        (_visits, _reverseVisits, _killedImporters, _restarts, _received) = (0, 0, 0, 0, 0);
        long start = Stopwatch.GetTimestamp();
        Func<Task>[] loops = [.. Enumerable.Repeat(VisitAsync, Visitors), VisitReverseAsync, KillImporterAsync, RestartExporterAsync];
        await Task.WhenAll(
            loops.Select(once =>
                Task.Run(async () =>
                {
                    while (Stopwatch.GetElapsedTime(start) < time)
                    {
                        await once();
                    }
                })
            )
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_visits:#,0} visits, {_reverseVisits:#,0} exporting clients, {_killedImporters:#,0} killed importers, {_restarts:#,0} killed exporters, {_received:#,0} numbers"
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _numbers.DisposeAsync();
        await _host.DisposeAsync();
    }

    /// <summary>Imports in several ways over one connection, and leaves in the middle of the emissions.</summary>
    private async Task VisitAsync()
    {
        await using var client = new IpcClient(IpcEndpoint.Parse(Socket));
        client.Connect();
        using RemoteSignal<long> plain = client.Import<long>(SoakNumbers.Plain);
        using RemoteSignal<long> replayed = client.Import<long>(SoakNumbers.Replayed, new ImportOptions { Overflow = RemoteOverflow.Latest });
        using RemoteProperty<long> last = client.ImportProperty<long>(SoakNumbers.Last);
        var ledger = new SoakLedger(plain, NumbersOfVisit);
        var latest = new SoakLedger(replayed, NumbersOfVisit / 10);
        await last.WaitUntilLiveAsync().WaitAsync(Limit);
        ConnectionHandle shortly = plain.Connect(static _ => { });
        await ledger.Enough.WaitAsync(Limit);
        await latest.Enough.WaitAsync(Limit);
        shortly.Disconnect();
        Count(ledger, latest);
        Interlocked.Increment(ref _visits);
    }

    /// <summary>Imports from a client that exports, and that leaves.</summary>
    private async Task VisitReverseAsync()
    {
        string socket = Path.Combine(_folder, "reverse");
        await using var host = new IpcHost();
        var connected = new TaskCompletionSource<ClientInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.ClientConnected.Connect(client => connected.TrySetResult(client));
        host.Start(IpcEndpoint.Parse(socket));
        RemoteSignal<long> plain;
        await using (var client = new IpcClient(IpcEndpoint.Parse(socket)))
        {
            await using var numbers = new SoakNumbers(client);
            client.Connect();
            plain = host.ImporterFor(await connected.Task.WaitAsync(Limit)).Import<long>(SoakNumbers.Plain);
            var ledger = new SoakLedger(plain, NumbersOfVisit);
            await ledger.Enough.WaitAsync(Limit);
            Count(ledger);
        }

        await UntilAsync(plain, RemoteState.Ended);
        Interlocked.Increment(ref _reverseVisits);
    }

    /// <summary>Kills a process that imports from the host of this process.</summary>
    private async Task KillImporterAsync()
    {
        using var importer = ChildProcess.Start(SoakPeers.ImporterCommand, "--socket", Socket);
        await importer.WaitUntilReadyAsync();
        await Task.Delay(WorkBeforeKill);
        await importer.KillAsync();
        Interlocked.Increment(ref _killedImporters);
    }

    /// <summary>Kills and restarts a process that exports to one client of this process.</summary>
    private async Task RestartExporterAsync()
    {
        string socket = Path.Combine(_folder, "victim");
        await using var client = new IpcClient(IpcEndpoint.Parse(socket), new IpcClientOptions { Reconnect = true, Retry = true });
        client.Connect();
        using RemoteSignal<long> plain = client.Import<long>(SoakNumbers.Plain);
        var ledger = new SoakLedger(plain, LivesOfVictim * NumbersOfLife);
        for (int life = 1; life <= LivesOfVictim; life++)
        {
            using var exporter = ChildProcess.Start(SoakPeers.ExporterCommand, "--socket", socket);
            await exporter.WaitUntilReadyAsync();
            await plain.WaitUntilLiveAsync().WaitAsync(Limit);
            long before = ledger.Received;
            await UntilAsync(() => ledger.Received >= before + NumbersOfLife, "numbers of an exporter");
            await exporter.KillAsync();
            await UntilAsync(plain, RemoteState.Stale);
            Interlocked.Increment(ref _restarts);
        }

        await ledger.Enough.WaitAsync(Limit);
        if (ledger.Restarts != LivesOfVictim - 1)
        {
            throw new InvalidOperationException($"{ledger.Restarts} restarts were reported, not {LivesOfVictim - 1}.");
        }

        Count(ledger);
    }

    private void Count(params SoakLedger[] ledgers)
    {
        foreach (SoakLedger ledger in ledgers)
        {
            Interlocked.Add(ref _received, ledger.Received);
        }
    }

    private static Task UntilAsync(RemoteSignal<long> import, RemoteState state) =>
        UntilAsync(() => import.State == state, $"{state}, not {import.State}");

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
            {
                throw new InvalidOperationException($"Waited in vain for {what}.");
            }

            await Task.Delay(1);
        }
    }
}
