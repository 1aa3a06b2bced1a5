using System.Net.Sockets;
using System.Runtime.Versioning;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport;
using Signals.Ipc.Transport.Sockets;
using Signals.Tests.Ipc.Faults;

namespace Signals.Tests.Ipc.Host;

/// <summary>K3: the endpoints of a host.</summary>
internal sealed class ListenerTests
{
    [Test]
    public async Task K3_a_path_where_another_host_listens_is_refused_and_that_host_continues()
    {
        await using var host = new TestHost();
        await using var other = new IpcHost();
        Assert.That(
            () => other.Start(host.Endpoint),
            Throws.TypeOf<IpcException>().With.Message.Contains(host.Path).And.Message.Contains("another host is listening there")
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.AssertIsServed();
    }

    [Test]
    public async Task K3_failed_listening_leaves_no_socket_open()
    {
        await using var host = new TestHost();
        await using var other = new IpcHost();
        IpcEndpoint tcp = host.Host.Start(IpcEndpoint.Parse("127.0.0.1:0"));
        var before = new OpenSockets();
        for (int i = 0; i < 20; i++)
        {
            Assert.That(() => other.Start(host.Endpoint), Throws.TypeOf<IpcException>());
            Assert.That(() => other.Start(tcp), Throws.TypeOf<IpcException>());
        }

        await before.AssertNoneLeftAsync();
    }

    [Test]
    public async Task K3_sockets_of_both_sides_send_small_frames_immediately_and_notice_a_machine_that_vanished()
    {
        using var listener = SocketListener.Listen(IpcEndpoint.Parse("127.0.0.1:0"), new ListenerSettings());
        SignalProbe<IpcTransport> accepted = Probe.Of(listener.Accepted);
        listener.Start();
        using Socket client = listener.Endpoint.CreateSocket();
        await client.ConnectAsync(listener.Endpoint.ToEndPoint());
        using var transport = (SocketTransport)await accepted.NextAsync("the connection");
        foreach (Socket socket in new[] { client, transport.Socket })
        {
            Assert.That(socket.NoDelay, Is.True);
            Assert.That(socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive), Is.Not.Zero);
            Assert.That(socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime), Is.EqualTo(15));
            Assert.That(socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval), Is.EqualTo(15));
            Assert.That(socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount), Is.EqualTo(3));
        }
    }

    [Test]
    public async Task K3_a_socket_file_without_a_host_is_replaced()
    {
        string folder = Directory.CreateTempSubdirectory("ipc").FullName;
        string path = Path.Combine(folder, "s");
        DeadSocket.Leave(path);
        Assert.That(File.Exists(path), Is.True);
        await using (var host = new IpcHost())
        {
            host.Expose(new ScriptedGreeter());
            host.Start(IpcEndpoint.Parse(path));
            using RawClient client = RawClient.Bound(IpcEndpoint.Parse(path));
            client.AssertIsServed();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task K3_of_hosts_that_find_the_same_socket_file_without_a_host_exactly_one_starts()
    {
        const int Hosts = 4;
        using var path = new SocketPath();
        for (int round = 0; round < 100; round++)
        {
            DeadSocket.Leave(path.Text);
            File.SetLastWriteTimeUtc(path.Text, DateTime.UtcNow - TimeSpan.FromMinutes(round % 2 == 0 ? 1 : -1));
            IpcHost[] hosts = [.. Enumerable.Range(0, Hosts).Select(_ => new IpcHost())];
            int started = 0;
            Worker.RunAll([.. hosts.Select(host => (Action)(() => TryStart(host)))]);
            Assert.That(started, Is.EqualTo(1));
            using (RawClient client = RawClient.Connect(path.Endpoint))
            {
                await Bounded.UntilAsync(() => hosts.Sum(host => host.ClientCount) == 1, "the client");
            }

            foreach (IpcHost host in hosts)
            {
                await host.DisposeAsync();
            }

            Assert.That(Directory.GetFileSystemEntries(path.Folder), Is.Empty);

            void TryStart(IpcHost host)
            {
                try
                {
                    host.Start(path.Endpoint);
                    Interlocked.Increment(ref started);
                }
                catch (IpcException)
                {
                    // Another one was faster.
                }
            }
        }
    }

    [Test]
    [Platform("Linux")]
    public async Task K3_one_host_at_a_time_examines_a_path_and_a_process_that_only_holds_the_lock_name_prevents_no_start()
    {
        using var path = new SocketPath();
        using (StartLock first = StartLock.TryTake(path.Text)!)
        {
            Assert.That(StartLock.TryTake(path.Text), Is.Null);
            using StartLock? other = StartLock.TryTake(path.Text + "2");
            Assert.That(other, Is.Not.Null, "Other paths are not affected.");
            await using var host = new IpcHost();
            await Task.Run(() => host.Start(path.Endpoint)).Within("starting");
        }

        using StartLock? taken = StartLock.TryTake(path.Text);
        Assert.That(taken, Is.Not.Null);
    }

    [Test]
    public async Task K3_host_removes_its_own_file_even_if_the_current_directory_has_changed()
    {
        string folder = Environment.CurrentDirectory;
        using var first = new SocketPath();
        using var second = new SocketPath();
        string own = Path.Combine(first.Folder, "relative");
        string others = Path.Combine(second.Folder, "relative");
        try
        {
            Environment.CurrentDirectory = first.Folder;
            await using var host = new IpcHost();
            host.Start(IpcEndpoint.Parse("relative"));
            Environment.CurrentDirectory = second.Folder;
            await using var other = new IpcHost();
            other.Start(IpcEndpoint.Parse("relative"));
            Assert.That((File.Exists(own), File.Exists(others)), Is.EqualTo((true, true)));
            await host.StopAsync().Within("stopping");
            Assert.That((File.Exists(own), File.Exists(others)), Is.EqualTo((false, true)));
        }
        finally
        {
            Environment.CurrentDirectory = folder;
        }
    }

    [Test]
    public async Task K3_a_file_that_is_not_a_socket_is_refused_and_kept()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "precious");
        await using var host = new IpcHost();
        Assert.That(() => host.Start(IpcEndpoint.Parse(path)), Throws.TypeOf<IpcException>().With.Message.Contains(path));
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo("precious"));
        File.Delete(path);
    }

    [Test]
    public async Task K3_an_empty_file_that_is_not_a_socket_is_refused_and_kept()
    {
        string path = Path.GetTempFileName();
        await using var host = new IpcHost();
        Assert.That(() => host.Start(IpcEndpoint.Parse(path)), Throws.TypeOf<IpcException>().With.Message.Contains(path));
        Assert.That(File.Exists(path), Is.True);
        File.Delete(path);
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task K3_socket_files_admit_only_the_owner_by_default()
    {
        const UnixFileMode Everybody =
            UnixFileMode.UserRead
            | UnixFileMode.UserWrite
            | UnixFileMode.GroupRead
            | UnixFileMode.GroupWrite
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite;
        await using var closed = new TestHost();
        await using var open = new TestHost(options: new IpcHostOptions { SocketFileMode = Everybody });
        Assert.That(File.GetUnixFileMode(closed.Path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(open.Path), Is.EqualTo(Everybody));
    }

    [Test]
    public async Task K3_abstract_sockets_and_tcp_are_served_too()
    {
        await using var host = new TestHost();
        IpcEndpoint @abstract = host.Host.Start(IpcEndpoint.Parse($"@signals-{Guid.NewGuid():N}"));
        IpcEndpoint tcp = host.Host.Start(IpcEndpoint.Parse("127.0.0.1:0"));
        Assert.That(tcp.ToString(), Does.Not.EndWith(":0"), "The chosen port is returned.");
        foreach (IpcEndpoint endpoint in new[] { @abstract, tcp, host.Endpoint })
        {
            using RawClient client = RawClient.Bound(endpoint);
            client.AssertIsServed();
        }

        Assert.That(host.NextConnected().IsVerified, Is.True, "Over the abstract socket.");
        Assert.That(host.NextConnected().IsVerified, Is.False, "Over TCP.");
        Assert.That(host.NextConnected().IsVerified, Is.True, "Over the socket file.");
    }

    [Test]
    public async Task K3_chosen_port_is_returned_with_the_host_unchanged([Values("127.0.0.1", "localhost", "[::1]")] string name)
    {
        await using var host = new IpcHost();
        host.Expose(new ScriptedGreeter());
        IpcEndpoint endpoint = host.Start(IpcEndpoint.Parse($"{name}:0"));
        Assert.That(endpoint.ToString(), Does.Match($"^{System.Text.RegularExpressions.Regex.Escape(name)}:[1-9][0-9]*$"));
        await using var client = new IpcClient(endpoint);
        await client.ConnectAsync().Within("connecting");
    }

    [TestCase("[::]", "127.0.0.1")]
    [TestCase("[::]", "[::1]")]
    [TestCase("localhost", "127.0.0.1")]
    [TestCase("localhost", "[::1]")]
    [TestCase("LocalHost", "[::1]")]
    public async Task K3_host_on_all_addresses_or_on_localhost_listens_on_both_families(string name, string address)
    {
        Assume.That(Socket.OSSupportsIPv6, "IPv6 is off on this machine.");
        await using var host = new IpcHost();
        host.Expose(new ScriptedGreeter());
        int port = host.Start(IpcEndpoint.Parse($"{name}:0")).Port!.Value;
        using RawClient client = RawClient.Bound(IpcEndpoint.Parse($"{address}:{port}"));
        client.AssertIsServed();
    }

    [Test]
    public async Task K3_port_in_use_at_one_address_of_a_name_is_refused_and_leaves_no_socket_open()
    {
        Assume.That(Socket.OSSupportsIPv6, "IPv6 is off on this machine.");
        await using var first = new IpcHost();
        int port = first.Start(IpcEndpoint.Parse("[::1]:0")).Port!.Value;
        await using var second = new IpcHost();
        var before = new OpenSockets();
        Assert.That(() => second.Start(IpcEndpoint.Parse($"localhost:{port}")), Throws.TypeOf<IpcException>().With.Message.Contains("in use"));
        await before.AssertNoneLeftAsync();
    }

    [Test]
    public async Task K3_a_folder_that_does_not_exist_is_refused_with_its_name()
    {
        await using var host = new IpcHost();
        Assert.That(
            () => host.Start(IpcEndpoint.Parse("/nowhere/at/all.sock")),
            Throws.TypeOf<IpcException>().With.Message.Contains("/nowhere/at/all.sock")
        );
    }

    [Test]
    public async Task A_host_whose_socket_file_was_removed_serves_its_clients_and_stops()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        File.Delete(host.Path);
        client.AssertIsServed();
        await host.Host.StopAsync().WaitAsync(Bounded.Limit);
    }
}
