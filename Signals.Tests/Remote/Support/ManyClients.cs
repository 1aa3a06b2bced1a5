using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>A host with several clients that export.</summary>
internal sealed class ManyClients : IAsyncDisposable
{
    private readonly ConnectionEvaluator _evaluator = new();
    private readonly IpcEndpoint _endpoint;
    private readonly List<Signal<int>> _signals = [];

    internal ManyClients(int count, Func<ClientInfo, string, bool>? authorize = null, bool relays = false)
    {
        Host = new IpcHost(
            new IpcHostOptions
            {
                Evaluator = _evaluator,
                AuthorizeExport = authorize,
                RelaySignals = relays,
            }
        );
        Host.ClientConnected.Connect(Infos.Add);
        _endpoint = Host.Start(IpcEndpoint.InMemory(Path.GetRandomFileName()));
        for (int i = 0; i < count; i++)
        {
            Add();
        }
    }

    internal IpcHost Host { get; }

    internal List<IpcClient> Clients { get; } = [];

    /// <summary>Gets what the host knows of the clients.</summary>
    internal List<ClientInfo> Infos { get; } = [];

    internal List<ExportedSignal> Exports { get; } = [];

    public async ValueTask DisposeAsync()
    {
        foreach (IpcClient client in Clients)
        {
            await client.DisposeAsync().AsTask().Within("the end of a client");
        }

        await Host.DisposeAsync().AsTask().Within("the end of the host");
        _signals.ForEach(static signal => signal.Dispose());
        _evaluator.Dispose();
    }

    /// <summary>Adds a client, after which the host knows it.</summary>
    internal IpcClient Add()
    {
        var client = new IpcClient(_endpoint);
        Clients.Add(client);
        int known = Infos.Count;
        client.Connect();
        Until(() => Infos.Count > known, "the client");
        return client;
    }

    /// <summary>Exports a signal of each client.</summary>
    internal Signal<int>[] Export(string name)
    {
        var signals = new Signal<int>[Clients.Count];
        for (int i = 0; i < signals.Length; i++)
        {
            _signals.Add(signals[i] = new Signal<int>());
            Exports.Add(Clients[i].Export(name, signals[i]));
        }

        return signals;
    }

    /// <summary>Returns the index of the client with an id.</summary>
    internal int IndexOf(long id) => Infos.FindIndex(info => info.Id == id);

    internal async Task EndAsync(int index) => await Clients[index].DisposeAsync().AsTask().Within("the end of a client");

    /// <summary>Evaluates the host's evaluator until a condition is true.</summary>
    internal void Until(Func<bool> condition, string what = "the condition") =>
        Bounded.Until(
            () =>
            {
                _evaluator.EvaluateDeferredConnections();
                return condition();
            },
            what
        );

    /// <summary>Waits until the host has subscribed to what a number of clients export.</summary>
    internal void UntilSubscribed(int count) => Until(() => Exports.Count(static export => export.SubscriberCount > 0) == count, "the subscriptions");
}
