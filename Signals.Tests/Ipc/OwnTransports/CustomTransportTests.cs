using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport;

namespace Signals.Tests.Ipc.OwnTransports;

/// <summary>A transport of a user works like one of the library, and what it does wrong ends its own connection only.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CustomTransportTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _never = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _release = new();
    private readonly OddListener _listener = new();
    private readonly ListLogger _log = new();
    private IpcHost? _host;
    private IpcClient? _client;

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync().AsTask().Within("the end of the client");
        }

        if (_host is not null)
        {
            await _host.DisposeAsync().AsTask().Within("the end of the host");
        }

        _release.Set();
        _never.TrySetResult();
        _listener.Dispose();
        _release.Dispose();
    }

    [Test]
    public async Task A_transport_of_a_user_carries_calls_streams_cancellations_and_reconnections()
    {
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new IpcHost();
        using var clients = new Received<ClientInfo>();
        host.ClientConnected.Connect(clients.Add);
        host.Expose(
            new ScriptedGreeter
            {
                OnHello = async (request, context) =>
                {
                    if (request.Name == "wait")
                    {
                        using CancellationTokenRegistration registration = context.CancellationToken.Register(canceled.SetResult);
                        await canceled.Task;
                    }

                    return ScriptedGreeter.Reply(request.Name);
                },
            }
        );
        IpcEndpoint endpoint = host.Start(new TlsListener());
        await using var client = new IpcClient(new TlsConnector(endpoint, "CN=Ada"), new IpcClientOptions { Reconnect = true });
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        ClientInfo info = clients.Next();
        Assert.That((info.Name, info.IsVerified, info.ProcessId), Is.EqualTo(("CN=Ada", true, (int?)null)));
        string large = new('x', 100_000);
        Assert.That((await proxy.SayHelloAsync(large).Within("a reply")).Message, Is.EqualTo(large));
        List<GreeterReplyMsg> items = await proxy.WatchGreetings("Bob").ToListAsync().AsTask().Within("a stream");
        Assert.That(items.Select(item => item.Message), Is.EqualTo((string[])["Bob 1", "Bob 2", "Bob 3"]));

        using var cancellation = new CancellationTokenSource();
        Task<GreeterReplyMsg> waiting = proxy.SayHelloAsync("wait", cancellation.Token);
        await Bounded.UntilAsync(() => host.ActiveCalls == 1, "the call");
        cancellation.Cancel();
        await canceled.Task.Within("the cancellation");
        await Assert.ThatAsync(() => waiting.Within("the call"), Throws.InstanceOf<OperationCanceledException>());

        await host.StopAsync().Within("stopping");
    }

    [Test]
    public async Task A_client_with_a_transport_of_a_user_reconnects()
    {
        using GreeterProxy proxy = await StartAsync();
        SignalProbe<DisconnectReason> lost = Probe.Of(_client!.Disconnected);
        SignalProbe<bool> again = Probe.Of(proxy.Connected);
        Assert.That((await proxy.SayHelloAsync("Ada").Within("a reply")).Message, Is.EqualTo("Hello Ada"));
        Break!.Dispose();
        await lost.NextAsync("the disconnection");
        await again.NextAsync("the next connection");
        Assert.That((await proxy.SayHelloAsync("Bob").Within("a reply")).Message, Is.EqualTo("Hello Bob"));
        Assert.That(_listener.Connections, Is.EqualTo(2));
    }

    [TestCase("throws", "odd")]
    [TestCase("throws later", "odd")]
    [TestCase("returns too much", "16385")]
    [TestCase("returns less than nothing", "-1")]
    [TestCase("explains", "explained")]
    [TestCase("explains by throwing", "odd")]
    [TestCase("explains with null", "odd")]
    public async Task A_transport_whose_receive_fails_ends_its_connection(string how, string text)
    {
        using GreeterProxy proxy = await StartAsync(
            (client, _) =>
            {
                client.OnReceive = buffer =>
                    how switch
                    {
                        "throws later" => ThrowLaterAsync(),
                        "returns too much" => new(buffer.Length + 1),
                        "returns less than nothing" => new(-1),
                        _ => throw new FormatException("odd"),
                    };
                client.OnExplain = how switch
                {
                    "explains" => exception => new DisconnectReason(DisconnectCause.ClosedByPeer, "explained", exception),
                    "explains by throwing" => _ => throw new FormatException("odder"),
                    "explains with null" => _ => null,
                    _ => null,
                };
            },
            secondConnection: true
        );
        SignalProbe<DisconnectReason> lost = Probe.Of(_client!.Disconnected);
        SignalProbe<bool> again = Probe.Of(proxy.Connected);
        Break!.Dispose();
        await lost.NextAsync("the first disconnection");
        DisconnectReason reason = await lost.NextAsync("the disconnection");
        Assert.That(reason.Cause, Is.EqualTo(how == "explains" ? DisconnectCause.ClosedByPeer : DisconnectCause.ConnectionLost));
        Assert.That(reason.Message, Does.Contain(text));
        await again.NextAsync("the next connection");
        Assert.That((await proxy.SayHelloAsync("Bob").Within("a reply")).Message, Is.EqualTo("Hello Bob"));

        static async ValueTask<int> ThrowLaterAsync()
        {
            await Task.Yield();
            throw new FormatException("odd");
        }
    }

    [TestCase("throws", "odd")]
    [TestCase("returns zero", "0")]
    [TestCase("returns too much", "1000000")]
    public async Task A_transport_whose_send_fails_ends_its_connection(string how, string text)
    {
        using GreeterProxy proxy = await StartAsync(
            (client, _) => client.OnSend = _ => how == "throws" ? throw new FormatException("odd") : new(how == "returns zero" ? 0 : 1_000_000),
            secondConnection: true
        );
        SignalProbe<DisconnectReason> lost = Probe.Of(_client!.Disconnected);
        Break!.Dispose();
        await lost.NextAsync("the first disconnection");
        DisconnectReason reason = await lost.NextAsync("the disconnection");
        Assert.That(reason.Cause, Is.EqualTo(DisconnectCause.ConnectionLost));
        Assert.That(reason.Message, Does.Contain(text));
    }

    [TestCase("receive blocks")]
    [TestCase("receive never ends")]
    [TestCase("send blocks")]
    [TestCase("disposal blocks")]
    [TestCase("disposal throws")]
    public async Task A_transport_that_blocks_or_never_ends_does_not_keep_a_host_or_a_client_from_ending(string how)
    {
        using GreeterProxy proxy = await StartAsync(Spoil);
        await _client!.DisposeAsync().AsTask().Within("the end of the client");
        await _host!.StopAsync().Within("the end of the host");

        void Spoil(OddTransport client, OddTransport host)
        {
            foreach (OddTransport end in (OddTransport[])[client, host])
            {
                switch (how)
                {
                    case "receive blocks":
                        end.OnReceive = _ =>
                        {
                            _release.Wait();
                            return new(0);
                        };
                        break;
                    case "receive never ends":
                        end.OnReceive = async _ =>
                        {
                            await _never.Task;
                            return 0;
                        };
                        break;
                    case "send blocks":
                        end.OnSend = bytes =>
                        {
                            _release.Wait();
                            return new(bytes.Length);
                        };
                        break;
                    case "disposal blocks":
                        end.OnDispose = _release.Wait;
                        break;
                    default:
                        end.OnDispose = static () => throw new FormatException("odd");
                        break;
                }
            }
        }
    }

    [TestCase("throws")]
    [TestCase("blocks")]
    [TestCase("never ends")]
    public async Task A_client_whose_handshake_fails_is_refused_and_delays_no_other_client(string how)
    {
        using GreeterProxy proxy = await StartAsync(bind: false);
        _listener.OnConnecting = (number, _, host) =>
            host.OnIdentify =
                number > 1 ? null
                : how == "throws" ? _ => throw new FormatException("odd")
                : how == "blocks"
                    ? _ =>
                    {
                        _release.Wait(CancellationToken.None);
                        return default;
                    }
                : async _ =>
                {
                    await _never.Task;
                    return null;
                };
        IpcTransport unidentified = _listener.Connect();
        await _client!.ConnectAsync().Within("connecting");
        await _client.BindAsync(proxy).Within("binding");
        if (how == "throws")
        {
            Assert.That(await unidentified.ReceiveAsync(new byte[1]).AsTask().Within("the end"), Is.Zero);
        }

        await _host!.StopAsync().Within("the end of the host");
        await Bounded.UntilAsync(() => _host.RefusedClientCount == 1, "the refusal");
    }

    [Test]
    public async Task A_listener_that_throws_is_asked_again()
    {
        int calls = 0;
        _listener.OnAccepting = () =>
        {
            if (Interlocked.Increment(ref calls) < 3)
            {
                throw new FormatException("odd");
            }
        };
        using GreeterProxy proxy = await StartAsync();
        Assert.That(calls, Is.GreaterThanOrEqualTo(3));
        Assert.That(_log.Entries.Count(entry => entry.Text.Contains("Paused accepting", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_connector_that_fails_gives_the_reason()
    {
        await using var client = new IpcClient(new OddConnector(IpcEndpoint.InMemory("odd"), _ => throw new FormatException("There is no odd.")));
        IpcException? failure = await Assert.ThrowsAsync<IpcException>(() => client.ConnectAsync().Within("the failure"));
        Assert.That(failure!.Message, Is.EqualTo("Connecting to memory:odd failed: There is no odd."));
        await using var other = new IpcClient(new OddConnector(IpcEndpoint.InMemory("odd"), _ => Task.FromResult<IpcTransport>(null!)));
        await Assert.ThrowsAsync<IpcException>(() => other.ConnectAsync().Within("the failure"));
    }

    [Test]
    public async Task A_transport_that_a_connector_returns_too_late_is_disposed()
    {
        var late = new TaskCompletionSource<IpcTransport>();
        var begun = new TaskCompletionSource();
        var disposed = new TaskCompletionSource();
        var client = new IpcClient(
            new OddConnector(
                IpcEndpoint.InMemory("odd"),
                _ =>
                {
                    begun.SetResult();
                    return late.Task;
                }
            )
        );
        Task connecting = client.ConnectAsync();
        await begun.Task.Within("the attempt");
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connecting.Within("the failure"));
        OddTransport transport = OddTransport.CreatePair().Client;
        transport.OnDispose = disposed.SetResult;
        late.SetResult(transport);
        await disposed.Task.Within("the disposal");
    }

    [Test]
    public async Task Transports_of_users_are_checked_at_once()
    {
        await using var host = new IpcHost();
        Assert.That(() => new IpcClient(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("connector"));
        Assert.That(() => host.Start((IpcListener)null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("listener"));
        Assert.That(
            () => new IpcClient(new OddConnector(default, _ => throw new NotSupportedException())),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("connector")
        );
        Assert.That(() => IpcTransport.FromStream(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("stream"));
        Assert.That(
            () => IpcTransport.FromStream(new MemoryStream(new byte[1], writable: false)),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("stream")
        );
        await host.StopAsync().Within("stopping");
        Assert.That(() => host.Start(_listener), Throws.InvalidOperationException);
    }

    /// <summary>Gets the host's end of the first connection.</summary>
    private OddTransport? Break { get; set; }

    /// <summary>Starts a host and a client over an odd listener.</summary>
    /// <param name="prepare">Prepares the ends of the first connection, or of the second.</param>
    /// <param name="secondConnection">Prepares the second one, so that the first is an ordinary one.</param>
    /// <param name="bind">Connects and binds the proxy.</param>
    private async Task<GreeterProxy> StartAsync(Action<OddTransport, OddTransport>? prepare = null, bool secondConnection = false, bool bind = true)
    {
        _host = new IpcHost(new IpcHostOptions { Logger = _log });
        _host.Expose(new ScriptedGreeter());
        _host.Start(_listener);
        _listener.OnConnecting = (number, client, host) =>
        {
            Break = number == 1 ? host : Break;
            if (number == 2 && secondConnection)
            {
                prepare!(client, host);
            }
        };
        _client = new IpcClient(
            new OddConnector(_listener.Endpoint, _ => Task.FromResult(_listener.Connect())),
            new IpcClientOptions { Reconnect = true, Backoff = _ => TimeSpan.Zero }
        );
        var proxy = new GreeterProxy();
        if (!bind)
        {
            return proxy;
        }

        if (prepare is not null && !secondConnection)
        {
            // What the connection does wrong must not keep the client from ending, bound or not.
            _listener.OnConnecting = (_, client, host) => prepare(client, host);
            _client.Bind(proxy);
            _client.Connect();
            await Bounded.UntilAsync(() => _listener.Connections > 0, "the connection");
            return proxy;
        }

        await _client.ConnectAsync().Within("connecting");
        await _client.BindAsync(proxy).Within("binding");
        return proxy;
    }
}
