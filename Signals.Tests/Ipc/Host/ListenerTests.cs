using System.Net.Sockets;
using System.Runtime.Versioning;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Core;

namespace Signals.Tests.Ipc.Host;

/// <summary>K3: where a host listens.</summary>
internal sealed class ListenerTests
{
    [Test]
    public async Task K3_a_path_where_another_host_is_alive_is_refused_and_the_other_lives_on()
    {
        await using var host = new TestHost();
        await using var other = new IpcHost();
        Assert.That(() => other.Start(host.Endpoint), Throws.TypeOf<IpcException>().With.Message.Contains(host.Path));
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.AssertIsServed();
    }

    [Test]
    public async Task K3_a_dead_socket_file_is_replaced()
    {
        string folder = Directory.CreateTempSubdirectory("ipc").FullName;
        string path = Path.Combine(folder, "s");
        LeaveDeadSocket(path);
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
    public async Task K3_a_file_that_is_no_socket_is_refused_and_kept()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "precious");
        await using var host = new IpcHost();
        Assert.That(() => host.Start(IpcEndpoint.Parse(path)), Throws.TypeOf<IpcException>().With.Message.Contains(path));
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo("precious"));
        File.Delete(path);
    }

    [Test]
    public async Task K3_an_empty_file_that_is_no_socket_is_refused_and_kept()
    {
        string path = Path.GetTempFileName();
        await using var host = new IpcHost();
        Assert.That(() => host.Start(IpcEndpoint.Parse(path)), Throws.TypeOf<IpcException>().With.Message.Contains(path));
        Assert.That(File.Exists(path), Is.True);
        File.Delete(path);
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task K3_socket_files_are_for_the_owner_only_unless_asked_otherwise()
    {
        const UnixFileMode Everybody =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
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
        Assert.That(tcp.ToString(), Does.Not.EndWith(":0"), "The port that was chosen is told.");
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
    public async Task K3_a_folder_that_does_not_exist_is_refused_with_its_name()
    {
        await using var host = new IpcHost();
        Assert.That(() => host.Start(IpcEndpoint.Parse("/nowhere/at/all.sock")), Throws.TypeOf<IpcException>().With.Message.Contains("/nowhere/at/all.sock"));
    }

    [Test]
    public async Task A_host_whose_socket_file_was_removed_serves_its_clients_and_stops()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        File.Delete(host.Path);
        client.AssertIsServed();
        await host.Host.StopAsync().WaitAsync(Workers.Limit);
    }

    /// <summary>Leaves what a host leaves that is killed: the runtime removes the file of a socket that is disposed, so it is kept aside meanwhile.</summary>
    private static void LeaveDeadSocket(string path)
    {
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".kept");
        }

        File.Move(path + ".kept", path);
    }
}
