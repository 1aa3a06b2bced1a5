using System.Net.Sockets;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport.Sockets;

namespace Signals.Tests.Ipc;

/// <summary>K3: if a host cannot listen or a client cannot connect, the exception contains the endpoint, the reason and advice.</summary>
[Platform("Linux")]
public sealed class BadEndpointTests
{
    private const string File = "file";
    private const string Folder = "folder";

    private SocketPath _path = null!;

    [SetUp]
    public void MakeWhatIsNoSocket()
    {
        _path = new SocketPath();
        System.IO.File.WriteAllText(InFolder(File), "precious");
        Directory.CreateDirectory(InFolder(Folder));
    }

    [TearDown]
    public void RemoveAll() => _path.Dispose();

    [TestCase(File, "a file that is not a socket", "choose another path")]
    [TestCase(Folder, "a folder", "choose another path")]
    [TestCase("missing/s", "folder does not exist", "create it")]
    [TestCase(File + "/s", "not a folder", "check the path")]
    public async Task K3_host_cannot_listen_on_such_a_path(string path, string why, string advice)
    {
        await using var host = new IpcHost();
        IpcException? exception = Assert.Throws<IpcException>(() => host.Start(IpcEndpoint.Parse(InFolder(path))));
        Assert.That(exception!.Message, Does.Contain(InFolder(path)).And.Contain(why).And.Contain(advice));
        Assert.That(System.IO.File.ReadAllText(InFolder(File)), Is.EqualTo("precious"));
    }

    [TestCase(File, "not a socket", "check the path")]
    [TestCase(Folder, "not a socket", "check the path")]
    [TestCase("missing/s", "no such socket", "start the host")]
    [TestCase(File + "/s", "not a folder", "check the path")]
    public async Task K3_client_cannot_connect_to_such_a_path(string path, string why, string advice) =>
        await AssertNobodyConnectsAsync(InFolder(path), why, advice);

    [Test]
    public async Task K3_client_cannot_connect_to_a_datagram_socket()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(_path.Endpoint.ToEndPoint());
        await AssertNobodyConnectsAsync(_path.Text, "not a stream socket", "check the path");
    }

    [Test]
    public async Task K3_host_that_currently_accepts_no_clients_counts_as_listening()
    {
        using var crowd = new CrowdedListener(_path.Endpoint);
        await AssertNobodyConnectsAsync(_path.Text, "queue of clients", "try again later");
        await using var host = new IpcHost();
        Task starting = Task.Run(() => host.Start(_path.Endpoint));
        IpcException? exception = await Assert.ThrowsAsync<IpcException>(() => starting.Within("the refusal"));
        Assert.That(exception!.Message, Does.Contain(_path.Text).And.Contain("another host is listening there"));
    }

    [Test]
    public async Task K3_port_in_use_and_foreign_address_are_refused()
    {
        await using var host = new IpcHost();
        IpcEndpoint used = host.Start(IpcEndpoint.Parse("127.0.0.1:0"));
        await using var other = new IpcHost();
        Assert.That(() => other.Start(used), Throws.TypeOf<IpcException>().With.Message.Contains($"{used}").And.Message.Contains("in use"));
        Assert.That(
            () => other.Start(IpcEndpoint.Parse("192.0.2.1:0")),
            Throws.TypeOf<IpcException>().With.Message.Contains("192.0.2.1").And.Message.Contains("no such address")
        );
    }

    [Test]
    public async Task K3_default_endpoint_is_refused_by_name()
    {
        await using var host = new IpcHost();
        Assert.That(() => host.Start(default(IpcEndpoint)), Throws.ArgumentException.With.Property("ParamName").EqualTo("endpoint"));
        Assert.That(() => new IpcClient(default(IpcEndpoint)), Throws.ArgumentException.With.Property("ParamName").EqualTo("endpoint"));
    }

    [TestCase(SocketError.AccessDenied, "mode")]
    [TestCase(SocketError.HostNotFound, "spelling")]
    [TestCase(SocketError.TooManyOpenSockets, "ulimit")]
    public void K3_failures_that_a_test_cannot_cause_have_advice(SocketError error, string advice)
    {
        var exception = new SocketException((int)error);
        Assert.That(SocketFailures.DescribeConnect(_path.Endpoint, exception).Message, Does.Contain(_path.Text).And.Contain(advice));
        Assert.That(SocketFailures.DescribeListen(_path.Endpoint, exception).Message, Does.Contain(_path.Text).And.Contain(advice));
    }

    [TestCase(28, "file system is full")]
    [TestCase(30, "read-only")]
    [TestCase(122, "quota")]
    [TestCase(24, "ulimit")]
    [TestCase(23, "fs.file-max")]
    [TestCase(13, "change the folder's mode")]
    [TestCase(36, "longer than the file system allows")]
    public void K3_failures_of_the_file_system_have_advice(int error, string advice) =>
        Assert.That(SocketFailures.DescribeListen(_path.Endpoint, new IOException("Error", error)).Message, Does.Contain(_path.Text).And.Contain(advice));

    [Test]
    public async Task K3_path_through_too_many_links_is_explained_on_both_sides()
    {
        System.IO.File.CreateSymbolicLink(InFolder("loop"), InFolder("loop"));
        string path = InFolder("loop/s");
        await using var host = new IpcHost();
        Assert.That(() => host.Start(IpcEndpoint.Parse(path)), Throws.TypeOf<IpcException>().With.Message.Contains("too many links"));
        await AssertNobodyConnectsAsync(path, "too many links", "check the path");
    }

    [TestCase(SocketError.TimedOut)]
    [TestCase(SocketError.HostUnreachable)]
    [TestCase(SocketError.NetworkUnreachable)]
    public void K3_machine_that_cannot_be_reached_is_reported(SocketError error) =>
        Assert.That(
            SocketFailures.DescribeConnect(IpcEndpoint.Parse("192.0.2.1:8080"), new SocketException((int)error)).Message,
            Does.Contain("192.0.2.1:8080").And.Contain("The machine cannot be reached.")
        );

    private static async Task AssertNobodyConnectsAsync(string path, string why, string advice)
    {
        await using var client = new IpcClient(IpcEndpoint.Parse(path));
        IpcException? exception = await Assert.ThrowsAsync<IpcException>(() => client.ConnectAsync().Within("the failure"));
        Assert.That(exception!.Message, Does.Contain(path).And.Contain(why).And.Contain(advice));
    }

    private string InFolder(string name) => Path.Combine(_path.Folder, name);

    /// <summary>A listener that accepts no clients and whose queue is full.</summary>
    private sealed class CrowdedListener : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        internal CrowdedListener(IpcEndpoint endpoint)
        {
            Socket listener = Add(endpoint);
            listener.Bind(endpoint.ToEndPoint());
            listener.Listen(1);
            while (TryConnect(endpoint)) { }
        }

        public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

        private Socket Add(IpcEndpoint endpoint)
        {
            Socket socket = endpoint.CreateSocket();
            _sockets.Add(socket);
            return socket;
        }

        private bool TryConnect(IpcEndpoint endpoint)
        {
            Socket socket = Add(endpoint);
            socket.Blocking = false;
            try
            {
                socket.Connect(endpoint.ToEndPoint());
                return true;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
            {
                return false;
            }
        }
    }
}
