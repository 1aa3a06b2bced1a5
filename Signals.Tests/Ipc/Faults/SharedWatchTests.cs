using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Client;
using Signals.Ipc.Transport.Sockets;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Faults;

/// <summary>C3: clients that wait for a socket file use few of the user's watches.</summary>
[Platform("Linux")]
public sealed class SharedWatchTests
{
    private readonly FakeTime _time = new();
    private readonly List<IpcClient> _clients = [];
    private SocketPath _path = null!;

    [SetUp]
    public void MakeFolder() => _path = new SocketPath();

    [TearDown]
    public async Task RemoveClientsAndFolder()
    {
        await DisposeClientsAsync();
        _path.Dispose();
    }

    [Test]
    public async Task C3_clients_that_wait_for_one_folder_share_its_watch_and_leave_none()
    {
        const int Clients = 80;
        int before = CountWatches();
        for (int i = 0; i < Clients; i++)
        {
            await WaitAsync(Path.Combine(_path.Folder, $"{i}"));
        }

        Assert.That(FolderWatch.Count, Is.EqualTo(2), "The folder and its parent.");
        Assert.That(CountWatches() - before, Is.LessThanOrEqualTo(2));
        await using (var host = new IpcHost())
        {
            host.Start(_clients[^1].Endpoint);
            await _clients[^1].ConnectAsync().Within("connecting");
        }

        await DisposeClientsAsync();
        await Bounded.UntilAsync(() => FolderWatch.Count == 0, "the end of the watches");
        await Bounded.UntilAsync(() => CountWatches() <= before, "the end of the watches");
    }

    [Test]
    public async Task C3_beyond_the_limit_of_folders_only_delays_apply_and_this_is_logged()
    {
        const int Clients = FolderWatch.MaxFolders + 4;
        int before = CountWatches();
        var logger = new ListLogger();
        for (int i = 0; i < Clients; i++)
        {
            string folder = Directory.CreateDirectory(Path.Combine(_path.Folder, $"{i}")).FullName;
            await WaitAsync(Path.Combine(folder, "s"), logger);
        }

        Assert.That(FolderWatch.Count, Is.EqualTo(FolderWatch.MaxFolders));
        Assert.That(CountWatches() - before, Is.LessThanOrEqualTo(FolderWatch.MaxFolders));
        Assert.That(
            logger.Entries.Select(entry => entry.Text),
            Has.Member($"{_clients[^1].Endpoint} cannot be watched; the next attempt to connect waits for the retry delay")
        );
        await using var host = new IpcHost();
        host.Start(_clients[^1].Endpoint);
        Task connecting = _clients[^1].ConnectAsync();

        // More than one attempt may have failed: a shared watch also reports events from just before a client joined it.
        _time.Advance(TimeSpan.FromSeconds(30));
        await connecting.Within("connecting");
        await DisposeClientsAsync();
        await Bounded.UntilAsync(() => FolderWatch.Count == 0, "the end of the watches");
    }

    [Test]
    public async Task C3_clients_that_share_a_watch_all_notice_a_recreated_folder_and_its_file()
    {
        const int Clients = 5;
        string folder = Directory.CreateDirectory(Path.Combine(_path.Folder, "run")).FullName;
        for (int i = 0; i < Clients; i++)
        {
            await WaitAsync(Path.Combine(folder, "s"));
        }

        for (int round = 0; round < 5; round++)
        {
            SignalProbe<DisconnectReason>[] failures = [.. _clients.Select(client => Probe.Of(client.ConnectFailed))];
            Directory.Delete(folder);
            Directory.CreateDirectory(folder);
            foreach (SignalProbe<DisconnectReason> failure in failures)
            {
                await failure.NextAsync("a failed attempt");
            }
        }

        await using var host = new IpcHost();
        host.Start(_clients[0].Endpoint);
        foreach (IpcClient client in _clients)
        {
            await client.ConnectAsync().Within("connecting");
        }

        await Bounded.UntilAsync(() => FolderWatch.Count == 0, "the end of the watches");
    }

    [Test]
    public async Task C3_client_immediately_finds_a_host_that_listens_shortly_after_creating_its_file()
    {
        IpcClient client = await WaitAsync(_path.Text);
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(_path.Endpoint.ToEndPoint());
        await failures.NextAsync("an attempt that comes too early");
        socket.Listen();
        await client.ConnectAsync().Within("connecting");
    }

    [Test]
    public async Task C3_watching_and_ending_at_the_same_time_leaves_no_watch()
    {
        var watcher = new SocketFileWatcher(_path.Text, new ListLogger(), () => { });
        Task[] tasks =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(number =>
                    Task.Run(() =>
                    {
                        for (int i = 0; i < 100; i++)
                        {
                            if ((i + number) % 2 == 0)
                            {
                                watcher.Watch();
                            }
                            else
                            {
                                watcher.Stop();
                            }
                        }
                    })
                ),
        ];
        await Task.WhenAll(tasks).Within(Bounded.ProcessLimit, "watching");
        watcher.Stop();
        await Bounded.UntilAsync(() => FolderWatch.Count == 0, "the end of the watches");
    }

    private static int CountWatches() =>
        Descriptors
            .LinksOf(Environment.ProcessId)
            .Count(path => new FileInfo(path).LinkTarget is { } target && target.Contains("inotify", StringComparison.Ordinal));

    /// <summary>A client whose first attempt has failed.</summary>
    private async Task<IpcClient> WaitAsync(string path, ILogger? logger = null)
    {
        var options = new IpcClientOptions
        {
            Retry = true,
            TimeProvider = _time,
            Logger = logger ?? NullLogger.Instance,
        };
        var client = new IpcClient(IpcEndpoint.Parse(path), options);
        _clients.Add(client);
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        client.Connect();
        await failures.NextAsync("a failed attempt");
        return client;
    }

    private async Task DisposeClientsAsync()
    {
        foreach (IpcClient client in _clients)
        {
            await client.DisposeAsync();
        }

        _clients.Clear();
    }
}
