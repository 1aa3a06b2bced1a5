using System.Net.Sockets;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport;
using Signals.Ipc.Transport.Sockets;

namespace Signals.Tests.Ipc.Host;

/// <summary>The rule K4: listening sockets that a service manager passes.</summary>
[Platform("Linux")]
[NonParallelizable]
public sealed class InheritedSocketTests
{
    private SocketPath _path = null!;

    [SetUp]
    public void ChoosePath() => _path = new SocketPath();

    [TearDown]
    public void RemovePath() => _path.Dispose();

    [Test]
    public async Task K4_host_accepts_the_clients_of_an_inherited_socket_and_leaves_its_file()
    {
        using var passed = new PassedDescriptors(PassedDescriptors.ListenAt(_path.Text));
        await using var client = new IpcClient(_path.Endpoint);
        Task connecting = client.ConnectAsync();
        using InheritedSocket socket = Read(passed, count: "1", names: "greeter").Take(null).Single();
        Assert.That((socket.Name, socket.Endpoint), Is.EqualTo(("greeter", _path.Endpoint)));
        Assert.That(socket.ToString(), Is.EqualTo($"greeter ({_path.Text})"));
        await using (var host = new IpcHost())
        {
            host.Expose(new ScriptedGreeter());
            Assert.That(host.Start(socket), Is.EqualTo(_path.Endpoint));
            using var proxy = new GreeterProxy();
            await connecting.Within("connecting");
            await client.BindAsync(proxy).Within("binding");
            Assert.That((await proxy.SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("Hello Ada"));
        }

        Assert.That(File.Exists(_path.Text), Is.True);
    }

    [Test]
    public async Task K4_abstract_and_TCP_sockets_are_used()
    {
        string name = $"signals-{Guid.NewGuid():N}";
        using var passed = new PassedDescriptors(PassedDescriptors.ListenAt($"\0{name}"), PassedDescriptors.ListenOnTcp());
        await using var host = new IpcHost();
        IpcEndpoint[] endpoints = [.. Read(passed, count: "2").Take(null).Select(host.Start)];
        Assert.That(endpoints[0], Is.EqualTo(IpcEndpoint.AbstractSocket(name)));
        Assert.That((endpoints[1].Host, endpoints[1].IsTcp), Is.EqualTo(("127.0.0.1", true)));
        foreach (IpcEndpoint endpoint in endpoints)
        {
            await using var client = new IpcClient(endpoint);
            await client.ConnectAsync().Within("connecting");
        }
    }

    [Test]
    public void K4_sockets_are_taken_once_and_by_name()
    {
        using var passed = new PassedDescriptors(PassedDescriptors.ListenOnTcp(), PassedDescriptors.ListenOnTcp(), PassedDescriptors.ListenOnTcp());
        PassedSockets sockets = Read(passed, count: "3", names: "a::b:more");
        using (InheritedSocket named = sockets.Take("b").Single())
        {
            Assert.That(named.Name, Is.EqualTo("b"));
        }

        Assert.That(sockets.Take("b"), Is.Empty);
        Assert.That(sockets.Take("c"), Is.Empty);
        IReadOnlyList<InheritedSocket> rest = sockets.Take(null);
        Assert.That(rest.Select(socket => socket.Name), Is.EqualTo(["a", "unknown"]));
        Assert.That(sockets.Take(null), Is.Empty);
        foreach (InheritedSocket socket in rest)
        {
            socket.Dispose();
        }
    }

    [Test]
    public void K4_sockets_of_another_process_are_not_taken()
    {
        using var passed = new PassedDescriptors(PassedDescriptors.ListenOnTcp());
        try
        {
            Assert.That(Read(passed, count: "1", process: "1").Take(null), Is.Empty);
            Assert.That(Read(passed, count: "1", process: null).Take(null), Is.Empty);
            Assert.That(InheritedSocket.Take(), Is.Empty);
        }
        finally
        {
            PassedDescriptors.Close(passed.First);
        }
    }

    [TestCase(null)]
    [TestCase("-1")]
    [TestCase("many")]
    public void K4_number_of_descriptors_that_is_not_one_is_named(string? count)
    {
        using var passed = new PassedDescriptors();
        IpcException exception = Assert.Throws<IpcException>(() => Read(passed, count))!;
        Assert.That(exception.Message, Does.Contain("LISTEN_FDS").And.Contain($"\"{count}\""));
    }

    [Test]
    public void K4_descriptors_of_other_kinds_are_left_and_refused_by_name()
    {
        var connected = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var passed = new PassedDescriptors(
            new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified),
            connected,
            PassedDescriptors.ListenOnTcp()
        );
        PassedSockets sockets = Read(passed, count: "4", names: "log:client:tcp:closed");
        using (InheritedSocket tcp = sockets.Take(null).Single())
        {
            Assert.That(tcp.Name, Is.EqualTo("tcp"));
        }

        Assert.That(Refusal("log"), Does.Contain($"{passed.First} (log)").And.Contain("ListenStream="));
        Assert.That(Refusal("client"), Does.Contain($"{passed.First + 1} (client)").And.Contain("ListenStream="));
        Assert.That(Refusal("closed"), Does.Contain($"{passed.First + 3} (closed)").And.Contain("cannot be used"));
        PassedDescriptors.Close(passed.First);
        PassedDescriptors.Close(passed.First + 1);

        string Refusal(string name) => Assert.Throws<IpcException>(() => sockets.Take(name))!.Message;
    }

    [Test]
    public void K4_child_processes_do_not_inherit_the_sockets()
    {
        using var passed = new PassedDescriptors(PassedDescriptors.ListenOnTcp());
        Assert.That(PassedDescriptors.IsInherited(passed.First), Is.True);
        using InheritedSocket socket = Read(passed, count: "1").Take(null).Single();
        Assert.That(PassedDescriptors.IsInherited(passed.First), Is.False);
    }

    [Test]
    public async Task K4_socket_belongs_to_one_host_and_a_stopped_host_closes_it()
    {
        using var passed = new PassedDescriptors(PassedDescriptors.ListenOnTcp());
        using InheritedSocket socket = Read(passed, count: "1").Take(null).Single();
        var host = new IpcHost();
        await host.DisposeAsync();
        Assert.Throws<InvalidOperationException>(() => host.Start(socket));
        Assert.Throws<ArgumentNullException>(() => host.Start((InheritedSocket)null!));
        await using var other = new IpcHost();
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => other.Start(socket))!;
        Assert.That(exception.Message, Does.Contain(socket.Endpoint.ToString()));
    }

    private static PassedSockets Read(PassedDescriptors passed, string? count, string? names = null) =>
        Read(passed, count, $"{Environment.ProcessId}", names);

    private static PassedSockets Read(PassedDescriptors passed, string? count, string? process, string? names = null)
    {
        var variables = new Dictionary<string, string?>
        {
            [PassedSockets.CountVariable] = count,
            [PassedSockets.ProcessVariable] = process,
            [PassedSockets.NamesVariable] = names,
        };
        return new PassedSockets(name => variables[name], passed.First);
    }
}
