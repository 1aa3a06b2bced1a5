using Google.Protobuf;
using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Ipc.Peers;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>The costs of optional parts of a call, and of calls and streams that end early.</summary>
internal static class FeatureRows
{
    private const int Window = 64;
    private const double Thousand = 1_000;
    private const double Million = 1_000_000;

    internal static void AddTo(Table table, PeerSet peers)
    {
        string path = peers.PathOf(Library.Signals);
        var ours = (SignalsEchoClient)peers.ClientOf(Library.Signals);
        var grpc = (GrpcEchoClient)peers.ClientOf(Library.Grpc);
        var jsonRpc = (JsonRpcEchoClient)peers.ClientOf(Library.JsonRpc);
        SignalsEchoClient intercepted = Connect(path, new IpcClientOptions { Interceptors = [new PassingInterceptor()] });
        SignalsEchoClient stubbed = Connect(path, options: null);
        Func<Turn, string, Task<long>> throughStub = stubbed.BindStubAsync().GetAwaiter().GetResult();

        AddRow(table, "with a deadline", ours, ours.CallWithDeadlineAsync, grpc.CallWithDeadlineAsync, 0.8);
        AddRow(table, "with an interceptor", ours, (turn, text) => intercepted.CallAsync(turn, window: 1, text), grpc.CallInterceptedAsync, 0.5);
        AddRow(table, "through a generated stub", ours, throughStub, (turn, text) => grpc.CallAsync(turn, window: 1, text), 0.95);
        AddRow(table, "a call that is canceled", client => client.CancelOnceAsync(), ours, grpc, jsonRpc);
        AddRow(table, "a stream that is left after one message", client => client.LeaveOnceAsync(), ours, grpc, jsonRpc);

        intercepted.DisposeAsync().AsTask().GetAwaiter().GetResult();
        stubbed.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static SignalsEchoClient Connect(string path, IpcClientOptions? options) =>
        SignalsEchoClient.ConnectAsync(path, options).GetAwaiter().GetResult();

    /// <summary>Adds a row of calls with a feature, next to calls without it.</summary>
    private static void AddRow(
        Table table,
        string feature,
        SignalsEchoClient plain,
        Func<Turn, string, Task<long>> ours,
        Func<Turn, string, Task<long>> grpc,
        double timesOfPlain
    )
    {
        double[] rates = Turns.RatesOf([InFlight(ours), turn => plain.CallAsync(turn, Window, EchoText.Usual), InFlight(grpc)]);
        table.Add(
            new Row(
                $"{Window} calls in flight, {feature}",
                "thousand/s",
                rates[0] / Thousand,
                [new PeerFigure(PeerKind.Other, "without", rates[1] / Thousand), new PeerFigure(PeerKind.Grpc, null, rates[2] / Thousand)],
                Goal.AtLeastTimes(PeerKind.Other, timesOfPlain)
            )
        );
    }

    private static void AddRow(Table table, string measure, Func<ICancelingClient, Task> runAsync, params IReadOnlyList<ICancelingClient> clients)
    {
        double[] rates = Turns.RatesOf([.. clients.Select(client => Turns.Repeating(1, _ => runAsync(client)))]);
        Library[] libraries = [Library.Signals, Library.Grpc, Library.JsonRpc];
        table.Add(PeerSet.RowOf(libraries, measure, "us", [.. rates.Select(rate => Million / rate)], Goal.AtMostBestPeer));
    }

    private static Func<Turn, Task<long>> InFlight(Func<Turn, string, Task<long>> callInTurnAsync) =>
        async turn => (await Task.WhenAll(Enumerable.Range(0, Window).Select(_ => Task.Run(() => callInTurnAsync(turn, EchoText.Usual))))).Sum();

    private sealed class PassingInterceptor : CallInterceptor
    {
        public override ValueTask<IMessage> InterceptAsync(InterceptedCall call, IMessage request, Func<IMessage, ValueTask<IMessage>> next) =>
            next(request);
    }
}
