using Signals.Ipc;
using Signals.Ipc.Transport.Memory;
using Signals.Ipc.Wire;
using Signals.Systematic.Support;
using Signals.Tests.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>A host that stops during actions of its clients.</summary>
internal static class HostScenarios
{
    [Scenario(300, Seconds = 8)]
    internal static async Task H9_client_that_connects_beside_the_stop_is_told_of_or_refused_and_always_closed()
    {
        var evaluator = new ConnectionEvaluator();
        int connects = 0;
        int disconnects = 0;
        IpcHost host = Start(new GreeterService(), evaluator, out IpcEndpoint endpoint);
        host.ClientConnected.Connect(_ => connects++);
        host.ClientDisconnected.Connect((_, _) => disconnects++);
        using ScriptedClient client = await ScriptedClient.ConnectAsync(endpoint);
        await host.StopAsync();
        Check.That(await client.ReadFrameAsync() is null);
        evaluator.EvaluateDeferredConnections();
        Check.That(host is { ClientCount: 0, ActiveCalls: 0 });
        Check.That(connects == disconnects);
    }

    [Scenario(300, Seconds = 8)]
    internal static Task H9_synchronous_call_beside_the_stop_is_replied_to_if_it_was_carried_out() => CallBesideStopAsync("SayHello");

    [Scenario(300, Seconds = 8)]
    internal static Task H9_asynchronous_call_beside_the_stop_is_replied_to_if_it_was_carried_out() => CallBesideStopAsync("WaveGoodbye");

    [Scenario(300, Seconds = 8)]
    internal static async Task G8_service_that_is_exposed_beside_its_binding_is_bound()
    {
        var host = new IpcHost(new IpcHostOptions { Evaluator = new ConnectionEvaluator(), TimeProvider = new FakeTime() });
        IpcEndpoint endpoint = host.Serve(MemoryListener.Listen(ClientRig.NextEndpoint(), capacity: 4096));
        var options = new IpcClientOptions
        {
            Retry = true,
            Evaluator = new ConnectionEvaluator(),
            TimeProvider = new FakeTime(),
        };
        var client = new IpcClient(endpoint, options);
        var proxy = new GreeterProxy();
        client.Connect();
        Task binding = client.BindAsync(proxy);
        Task expose = Task.Run(() => host.Expose(new GreeterService()));

        // A report that is lost makes this wait forever, which the explorer finds.
        await Threads.WhenAll(binding, expose);
        Check.That(proxy.IsConnected);
    }

    private static async Task CallBesideStopAsync(string method)
    {
        var service = new GreeterService();
        IpcHost host = Start(service, new ConnectionEvaluator(), out IpcEndpoint endpoint);
        using ScriptedClient client = await ScriptedClient.ConnectAsync(endpoint);
        IPCFrame.Types.BindServiceReply binding = await client.BindAsync();
        Task call = Task.Run(() => client.InvokeAsync(binding, method));
        Task stop = Task.Run(() => host.StopAsync());
        IPCFrame? reply = await client.ReadFrameAsync();
        await Threads.WhenAll(call, stop);
        Check.That(service.Calls == 0 || reply is { MsgInvokeMethodReply.Success: true });
        Check.That(host is { ClientCount: 0, ActiveCalls: 0 });
    }

    private static IpcHost Start(Service service, ConnectionEvaluator evaluator, out IpcEndpoint endpoint)
    {
        var host = new IpcHost(new IpcHostOptions { Evaluator = evaluator, TimeProvider = new FakeTime() });
        host.Expose(service);
        endpoint = host.Serve(MemoryListener.Listen(ClientRig.NextEndpoint(), ClientRig.Capacity));
        return host;
    }
}
