using System.Globalization;
using Greeter;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A client of this library.</summary>
internal sealed class SignalsEchoClient : EchoClient, ICancelingClient
{
    private readonly ClientSession _session;
    private readonly GreeterProxy _proxy;

    private SignalsEchoClient(ClientSession session)
    {
        _session = session;
        _proxy = session.Proxy;
    }

    internal static async Task<EchoClient> ConnectAsync(string path) => await ConnectAsync(path, options: null);

    internal static async Task<SignalsEchoClient> ConnectAsync(string path, IpcClientOptions? options) =>
        new(await ClientSession.OpenAsync(IpcEndpoint.Parse(path), options));

    internal override async Task CallOnceAsync(string text) =>
        Require((await _proxy.SayHelloAsync(new GreeterRequestMsg { Name = text })).Message == text);

    internal override async Task SendAsync(string text, int count)
    {
        var request = new GreeterRequestMsg { Name = text };
        for (int i = 0; i < count; i++)
        {
            await _proxy.SendHelloAsync(request);
        }

        // Requests the number of calls and resets it.
        string received = (await _proxy.WaveGoodbyeAsync(request)).Message;
        Require(int.Parse(received, CultureInfo.InvariantCulture) >= count);
    }

    internal override async Task WatchAsync(int count)
    {
        var request = new GreeterRequestMsg { Name = EchoText.OfNumber(count) };
        await foreach (GreeterReplyMsg reply in _proxy.WatchGreetingsAsync(request))
        {
            Require(reply.Message == request.Name);
            count--;
        }

        Require(count == 0);
    }

    public async Task CancelOnceAsync()
    {
        using var cancellation = new CancellationTokenSource();
        Task<GreeterReplyMsg> call = _proxy.WaveGoodbyeAsync(new GreeterRequestMsg(), cancellation.Token);
        cancellation.Cancel();
        await RequireCanceledAsync<OperationCanceledException>(call);
    }

    public async Task LeaveOnceAsync()
    {
        await foreach (GreeterReplyMsg _ in _proxy.WatchGreetingsAsync(new GreeterRequestMsg { Name = EchoText.OfNumber(EchoText.Endless) }))
        {
            break;
        }
    }

    /// <summary>Makes calls with a deadline.</summary>
    internal async Task<long> CallWithDeadlineAsync(Turn turn, string text)
    {
        var options = new CallOptions { Timeout = TimeSpan.FromMinutes(1) };
        var request = new GreeterRequestMsg { Name = text };
        long count = 0;
        for (; !turn.IsOver; count++)
        {
            Require((await _proxy.SayHelloAsync(request, options)).Message == text);
        }

        return count;
    }

    /// <summary>Makes calls through a generated stub, which replaces the proxy.</summary>
    internal async Task<Func<Turn, string, Task<long>>> BindStubAsync()
    {
        var stub = new global::Greeter.GreeterProxy();
        await _session.RebindAsync(stub);
        return async (turn, text) =>
        {
            var request = new GreeterRequestMsg { Name = text };
            long count = 0;
            for (; !turn.IsOver; count++)
            {
                Require((await stub.SayHelloAsync(request)).Message == text);
            }

            return count;
        };
    }

    public override ValueTask DisposeAsync() => _session.DisposeAsync();

    protected override async Task<long> CallInTurnAsync(Turn turn, string text)
    {
        var request = new GreeterRequestMsg { Name = text };
        long count = 0;
        for (; !turn.IsOver; count++)
        {
            Require((await _proxy.SayHelloAsync(request)).Message == text);
        }

        return count;
    }
}
