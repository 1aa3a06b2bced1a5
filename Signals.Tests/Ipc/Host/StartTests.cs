using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport.Sockets;

namespace Signals.Tests.Ipc.Host;

/// <summary>K3, H7, H9: a host that waits for its path.</summary>
[Platform("Linux")]
internal sealed class StartTests
{
    /// <summary>
    /// A host waits a second for another one that looks at its path. A test that is to be faster than that has so many chances on a machine that is
    /// busy with other things.
    /// </summary>
    private const int Chances = 10;

    [Test]
    public async Task H7_host_that_waits_for_a_path_serves_the_clients_of_its_other_endpoints_meanwhile()
    {
        for (int chance = 0; chance < Chances; chance++)
        {
            using var path = new SocketPath();
            await using var host = new TestHost();
            using StartLock others = StartLock.TryTake(path.Text)!;
            Task starting = Task.Factory.StartNew(() => host.Host.Start(path.Endpoint), TaskCreationOptions.LongRunning);
            using RawClient client = RawClient.Bound(host.Endpoint);
            await Bounded.UntilAsync(() => host.Host.ClientCount == 1, "the client");
            bool wasStarting = !starting.IsCompleted;
            await starting.Within("starting");
            if (wasStarting)
            {
                Assert.Pass();
            }
        }

        Assert.Fail("The clients waited until the host had started.");
    }

    [Test]
    public async Task K3_host_replaces_a_socket_file_without_a_host_even_if_its_time_keeps_changing([Values] bool isAsync)
    {
        using var path = new SocketPath();
        DeadSocket.Leave(path.Text);
        await using var host = new IpcHost();
        Task starting = isAsync ? host.StartAsync(path.Endpoint) : Task.Run(() => host.Start(path.Endpoint));
        while (!starting.IsCompleted)
        {
            Touch(path.Text);
            await Task.WhenAny(starting, Task.Delay(1));
        }

        await starting;
        await using var client = new IpcClient(path.Endpoint);
        await client.ConnectAsync().Within("connecting");
    }

    [Test]
    public async Task K3_host_does_not_start_at_a_path_where_socket_files_repeatedly_appear([Values] bool isAsync)
    {
        using var path = new SocketPath();
        DeadSocket.Leave(path.Text);
        await using var host = new IpcHost();
        Task starting = isAsync ? host.StartAsync(path.Endpoint) : Task.Run(() => host.Start(path.Endpoint));
        string next = Path.Combine(path.Folder, "next");
        while (!starting.IsCompleted)
        {
            DeadSocket.Leave(next);
            File.Move(next, path.Text, overwrite: true);
            await Task.WhenAny(starting, Task.Delay(1));
        }

        // It may also have found a moment to start in: what counts is that it ended.
        if (starting.IsFaulted)
        {
            Assert.That(starting.Exception!.InnerException, Is.TypeOf<IpcException>().With.Message.Contains(path.Text));
        }
    }

    [Test]
    public async Task H9_stopping_while_the_host_waits_for_a_path_ends_the_wait_and_leaves_no_socket([Values] bool isAsync)
    {
        for (int chance = 0; chance < Chances; chance++)
        {
            using var path = new SocketPath();
            await using var host = new IpcHost();
            using StartLock others = StartLock.TryTake(path.Text)!;
            Task starting = isAsync
                ? host.StartAsync(path.Endpoint)
                : Task.Factory.StartNew(() => host.Start(path.Endpoint), TaskCreationOptions.LongRunning);
            await host.StopAsync().Within("stopping");
            await Bounded.UntilAsync(() => starting.IsCompleted, "the end of starting");
            Assert.That(Directory.GetFileSystemEntries(path.Folder), Is.Empty);
            if (starting.IsFaulted)
            {
                Assert.That(starting.Exception!.InnerException, Is.TypeOf<InvalidOperationException>().With.Message.Contains("Create a new one"));
                Assert.Pass();
            }
        }

        Assert.Fail("The host started although it had been stopped.");
    }

    [Test]
    public async Task K3_StartAsync_ends_with_its_token_and_the_host_does_not_listen()
    {
        using var path = new SocketPath();
        await using var host = new IpcHost();
        using var canceled = new CancellationTokenSource();
        using (StartLock others = StartLock.TryTake(path.Text)!)
        {
            Task starting = host.StartAsync(path.Endpoint, canceled.Token);
            await canceled.CancelAsync();
            await Bounded.UntilAsync(() => starting.IsCompleted, "the end of starting");
            Assert.That(starting.IsCanceled || starting.IsCompletedSuccessfully, Is.True);
            Assume.That(starting.IsCanceled, "The machine was too busy for that: the wait was over first.");
        }

        Assert.That(Directory.GetFileSystemEntries(path.Folder), Is.Empty);
        Assert.That(await host.StartAsync(path.Endpoint), Is.EqualTo(path.Endpoint));
        Assert.That(() => host.StartAsync(IpcEndpoint.Parse("127.0.0.1:0"), canceled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task K3_StartAsync_listens_and_refuses_like_Start()
    {
        using var path = new SocketPath();
        await using var host = new IpcHost();
        host.Expose(new ScriptedGreeter());
        IpcEndpoint[] endpoints =
        [
            await host.StartAsync(path.Endpoint),
            await host.StartAsync(IpcEndpoint.Parse("127.0.0.1:0")),
            await host.StartAsync(IpcEndpoint.Parse("localhost:0")),
            await host.StartAsync(IpcEndpoint.Parse($"@signals-{Guid.NewGuid():N}")),
        ];
        foreach (IpcEndpoint endpoint in endpoints)
        {
            using RawClient client = RawClient.Bound(endpoint);
            client.AssertIsServed();
        }

        Assert.That(() => host.StartAsync(default), Throws.ArgumentException.With.Property("ParamName").EqualTo("endpoint"));
        Assert.That(() => host.StartAsync(path.Endpoint), Throws.TypeOf<IpcException>().With.Message.Contains("another host is listening there"));
        await host.StopAsync().Within("stopping");
        Assert.That(() => host.StartAsync(path.Endpoint), Throws.InvalidOperationException.With.Message.Contains("Create a new one"));
    }

    private static void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (IOException)
        {
            // The host has just removed it.
        }
    }
}
