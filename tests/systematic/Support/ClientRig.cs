using Signals.Ipc;
using Signals.Tests.Support;

namespace Signals.Systematic.Support;

/// <summary>Client and the host's end of its connection in the hands of a scenario, with counts of what the client's signals raised.</summary>
internal sealed class ClientRig
{
    private ClientRig(ScriptedHost host, IpcClient client, ConnectionEvaluator evaluator)
    {
        Host = host;
        Client = client;
        Evaluator = evaluator;
        client.Disconnected.Connect(_ => ClientDisconnects++);
        Proxy.Connected.Connect(() => ProxyConnects++);
        Proxy.Disconnected.Connect(_ => ProxyDisconnects++);
    }

    /// <summary>The number of bytes that a receiver holds before senders wait: so few that a message takes several sends.</summary>
    internal const int Capacity = 64;

    private static int s_lastEndpoint;

    internal ScriptedHost Host { get; }
    internal IpcClient Client { get; }
    internal GreeterProxy Proxy { get; } = new();

    /// <summary>Gets the evaluator of the client's signals, which the scenario evaluates.</summary>
    internal ConnectionEvaluator Evaluator { get; }

    internal int ClientDisconnects { get; private set; }
    internal int ProxyConnects { get; private set; }
    internal int ProxyDisconnects { get; private set; }

    /// <summary>Returns an endpoint of a schedule's own, since what earlier ones left may still listen.</summary>
    internal static IpcEndpoint NextEndpoint() => IpcEndpoint.InMemory($"{++s_lastEndpoint}");

    /// <summary>Makes a client whose connection is accepted.</summary>
    internal static async Task<ClientRig> ConnectAsync()
    {
        IpcEndpoint endpoint = NextEndpoint();
        var host = new ScriptedHost(endpoint, Capacity);
        var evaluator = new ConnectionEvaluator();
        var client = new IpcClient(endpoint, new IpcClientOptions { Evaluator = evaluator, TimeProvider = new FakeTime() });
        client.Connect();
        await host.AcceptAsync();
        return new ClientRig(host, client, evaluator);
    }

    /// <summary>Makes a client with a proxy that is bound.</summary>
    internal static async Task<ClientRig> BindAsync()
    {
        ClientRig rig = await ConnectAsync();
        rig.Client.Bind(rig.Proxy);
        await rig.Host.ReplyToBindAsync();
        await rig.PumpUntilAsync(() => rig.ProxyConnects == 1);
        return rig;
    }

    /// <summary>Evaluates the evaluator until a signal's slot has made a condition true.</summary>
    internal async Task PumpUntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Evaluator.WaitForInvocationsAsync();
            Evaluator.EvaluateDeferredConnections();
        }
    }
}
