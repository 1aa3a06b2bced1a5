using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Systematic.Support;
using Signals.Tests.Support;

namespace Signals.Systematic.Scenarios;

/// <summary>The client's state during calls and actions of the host.</summary>
internal static class ClientScenarios
{
    [Scenario(300, Seconds = 8)]
    internal static async Task C5_each_call_beside_the_loss_of_the_connection_ends_and_the_loss_is_raised_once()
    {
        ClientRig rig = await ClientRig.BindAsync();
        Task first = Task.Run(() => CallAsync(rig, () => { }));
        Task second = Task.Run(() => CallAsync(rig, () => { }));
        Task loss = Task.Run(() => rig.Host.HangUp());
        await Threads.WhenAll(first, second, loss);
        await rig.PumpUntilAsync(() => rig.ClientDisconnects > 0);
        rig.Evaluator.EvaluateDeferredConnections();
        Check.That(rig.Client.PendingCalls == 0);
        Check.That(rig is { ProxyConnects: 1, ProxyDisconnects: 1, ClientDisconnects: 1 });
    }

    [Scenario(300, Seconds = 8)]
    internal static async Task C5_call_that_fails_with_the_connection_sees_a_client_that_is_not_connected()
    {
        ClientRig rig = await ClientRig.BindAsync();
        Task call = Task.Run(() => CallAsync(rig, () => Check.That(!rig.Client.IsConnected && !rig.Proxy.IsConnected)));
        Task loss = Task.Run(() => rig.Host.HangUp());
        await Threads.WhenAll(call, loss);
    }

    [Scenario(300, Seconds = 8)]
    internal static async Task C10_call_that_is_cancelled_beside_its_reply_ends_once_and_leaves_nothing()
    {
        ClientRig rig = await ClientRig.BindAsync();
        using var cancellation = new CancellationTokenSource();
        Task<Outcome> call = GreetAsync(rig, cancellation.Token);
        IPCFrame request = await rig.Host.ReadFrameAsync();
        Task reply = Task.Run(() => rig.Host.SendAsync(ScriptedHost.Reply(request.RequestId, "hello")));
        Task cancel = Task.Run(() => cancellation.Cancel());
        Outcome outcome = await call;
        await Threads.WhenAll(reply, cancel);
        Check.That(outcome is Outcome.Replied or Outcome.Cancelled);
        Check.That(rig.Client.PendingCalls == 0 && rig.Client.IsConnected);
    }

    [Scenario(300, Seconds = 8)]
    internal static async Task C7_proxy_disposed_beside_its_bind_reply_raises_nothing_more_and_leaves_the_service_free()
    {
        ClientRig rig = await ClientRig.ConnectAsync();
        rig.Client.Bind(rig.Proxy);
        IPCFrame request = await rig.Host.ReadFrameAsync();
        int connects = 0;
        Task reply = Task.Run(() => rig.Host.SendAsync(ScriptedHost.BindReply(request.RequestId)));
        Task dispose = Task.Run(() =>
        {
            rig.Proxy.Dispose();
            connects = rig.ProxyConnects;
        });
        await Threads.WhenAll(reply, dispose);

        // The next proxy gets the number of the same service.
        var next = new GreeterProxy();
        bool hasEnded = false;
        next.Connected.Connect(() => hasEnded = true);
        next.Disconnected.Connect(_ => hasEnded = true);
        rig.Client.Bind(next);
        await rig.Host.ReplyToBindAsync();
        await rig.PumpUntilAsync(() => hasEnded);
        Check.That(next.IsConnected && !rig.Proxy.IsConnected);
        Check.That(rig.ProxyConnects == connects && rig.ProxyDisconnects == 0);
    }

    private enum Outcome
    {
        Replied,
        Cancelled,
    }

    /// <summary>Makes a call that gets no reply.</summary>
    private static async Task CallAsync(ClientRig rig, Action onFailure)
    {
        try
        {
            await rig.Proxy.SayHelloAsync("name");
        }
        catch (IpcDisconnectedException)
        {
            onFailure();
            return;
        }

        throw new ScenarioFailedException("The call ended without a failure.");
    }

    private static async Task<Outcome> GreetAsync(ClientRig rig, CancellationToken cancellationToken)
    {
        try
        {
            await rig.Proxy.SayHelloAsync("name", cancellationToken);
            return Outcome.Replied;
        }
        catch (OperationCanceledException)
        {
            return Outcome.Cancelled;
        }
    }
}
