using StreamJsonRpc;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A client of StreamJsonRpc.</summary>
internal sealed class JsonRpcEchoClient(JsonRpc connection) : EchoClient, ICancelingClient
{
    internal static Task<EchoClient> ConnectAsync(string path)
    {
        JsonRpc connection = JsonRpcEchoHost.Create(RawSockets.Connect(path));
        connection.StartListening();
        return Task.FromResult<EchoClient>(new JsonRpcEchoClient(connection));
    }

    internal override async Task CallOnceAsync(string text) => Require(await SayHelloAsync(text) == text);

    internal override async Task SendAsync(string text, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await connection.NotifyAsync(nameof(JsonRpcEchoService.SayHello), text);
        }

        Require(await connection.InvokeAsync<int>(nameof(JsonRpcEchoService.CountHellos)) >= count);
    }

    internal override async Task WatchAsync(int count)
    {
        string name = EchoText.OfNumber(count);
        await foreach (string greeting in await WatchGreetingsAsync(name))
        {
            Require(greeting == name);
            count--;
        }

        Require(count == 0);
    }

    public async Task CancelOnceAsync()
    {
        using var cancellation = new CancellationTokenSource();
        Task<string> call = connection.InvokeWithCancellationAsync<string>(nameof(JsonRpcEchoService.WaveGoodbye), cancellationToken: cancellation.Token);
        cancellation.Cancel();
        await RequireCanceledAsync<OperationCanceledException>(call);
    }

    public async Task LeaveOnceAsync()
    {
        await foreach (string _ in await WatchGreetingsAsync(EchoText.OfNumber(EchoText.Endless)))
        {
            break;
        }
    }

    public override ValueTask DisposeAsync()
    {
        connection.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<long> CallInTurnAsync(Turn turn, string text)
    {
        long count = 0;
        for (; !turn.IsOver; count++)
        {
            Require(await SayHelloAsync(text) == text);
        }

        return count;
    }

    private Task<string> SayHelloAsync(string text) => connection.InvokeAsync<string>(nameof(JsonRpcEchoService.SayHello), text);

    private Task<IAsyncEnumerable<string>> WatchGreetingsAsync(string name) =>
        connection.InvokeAsync<IAsyncEnumerable<string>>(nameof(JsonRpcEchoService.WatchGreetings), name);
}
