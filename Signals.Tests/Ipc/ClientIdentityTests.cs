using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

/// <summary>H6: the identity that a client claims with SetPeerIdentity.</summary>
public sealed class ClientIdentityTests : ClientFixture
{
    private static readonly ClientIdentity Moon = new()
    {
        ProcessId = 4711,
        UserId = 7,
        MachineIdHint = "h",
        MachineName = "moon",
    };

    [Test]
    public async Task H6_identity_is_the_first_thing_that_is_sent_over_tcp()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = new IpcClient(IpcEndpoint.Parse(listener.LocalEndpoint.ToString()!), new IpcClientOptions { Identity = Moon });
        using var proxy = new GreeterProxy();
        client.Bind(proxy);
        client.Connect();
        using Socket socket = await listener.AcceptSocketAsync().Within("a connection");
        byte[] identity = [0x42, 14, 0x08, 0xE7, 0x24, 0x10, 7, 0x1A, 1, (byte)'h', 0x22, 4, .. "moon"u8];
        byte[] bind = [0x10, 1, 0x1A, 9, 0x0A, 7, .. "Greeter"u8];
        byte[] expected = [(byte)identity.Length, 0, 0, 0, .. identity, (byte)bind.Length, 0, 0, 0, .. bind];
        byte[] received = new byte[expected.Length];
        await using var stream = new NetworkStream(socket);
        await stream.ReadExactlyAsync(received).Within("the client's bytes");
        Assert.That(received, Is.EqualTo(expected));
    }

    [Test]
    public async Task H6_hosts_report_claims_over_tcp_and_credentials_from_the_kernel_otherwise()
    {
        using var clients = new Received<ClientInfo>();
        var service = new ScriptedGreeter
        {
            OnHello = (request, context) =>
            {
                clients.Add(context.Client);
                return new(ScriptedGreeter.Reply(request.Name));
            },
        };
        await using var host = new TestHost(service);
        IpcEndpoint tcp = host.Host.Start(IpcEndpoint.Parse("127.0.0.1:0"));
        ClientIdentity everywhere = Moon with { SendOverUnixSockets = true };
        Assert.That(
            await ShowAsync(tcp, Moon),
            Is.EqualTo(
                new ClientInfo(1)
                {
                    ProcessId = 4711,
                    UserId = 7,
                    MachineName = "moon",
                }
            )
        );
        Assert.That(await ShowAsync(tcp, new ClientIdentity { UserId = uint.MaxValue }), Is.EqualTo(new ClientInfo(2) { UserId = uint.MaxValue }));
        Assert.That(await ShowAsync(tcp, null), Is.EqualTo(new ClientInfo(3)));
        ClientInfo verified = await ShowAsync(host.Endpoint, everywhere);
        Assert.That((verified.ProcessId, verified.MachineName, verified.IsVerified), Is.EqualTo((Environment.ProcessId, (string?)null, true)));

        async Task<ClientInfo> ShowAsync(IpcEndpoint endpoint, ClientIdentity? identity)
        {
            await using var client = new IpcClient(endpoint, new IpcClientOptions { Identity = identity });
            using var proxy = new GreeterProxy();
            await client.ConnectAsync().Within("connecting");
            await client.BindAsync(proxy).Within("binding");
            await proxy.SayHelloAsync("a").Within("the reply");
            return clients.Next();
        }
    }

    [Test]
    public async Task H6_identity_is_sent_over_unix_sockets_only_when_asked_and_on_each_connection()
    {
        await using IpcClient silent = await ConnectAsync(new IpcClientOptions { Identity = Moon });
        silent.Bind(new GreeterProxy());
        Assert.That((await Host.ReadFrameAsync()).MsgCase, Is.EqualTo(IPCFrame.MsgOneofCase.MsgBindService));

        await using IpcClient client = await ConnectAsync(new IpcClientOptions { Identity = Moon with { SendOverUnixSockets = true }, Reconnect = true });
        Assert.That((await Host.ReadFrameAsync()).SetPeerIdentity.MachineName, Is.EqualTo("moon"), "also without a proxy");
        client.Bind(new GreeterProxy());
        await Host.ReplyToBindAsync();
        Host.HangUp();
        await Host.AcceptAsync();
        Assert.That((await Host.ReadFrameAsync()).SetPeerIdentity.Pid, Is.EqualTo(4711));
        Assert.That((await Host.ReadFrameAsync()).MsgCase, Is.EqualTo(IPCFrame.MsgOneofCase.MsgBindService));
    }

    [Test]
    public void H6_identity_that_does_not_fit_into_a_frame_is_refused()
    {
        var options = new IpcClientOptions
        {
            MaxFrameSize = 64,
            Identity = new ClientIdentity { MachineName = new string('x', 100) },
        };
        Assert.That(
            () => new IpcClient(Endpoint, options),
            Throws
                .ArgumentException.With.Property("ParamName")
                .EqualTo("options")
                .And.Message.StartsWith("The Identity does not fit into a frame of 64 bytes")
        );
    }
}
