using System.Diagnostics;
using NUnit.Framework;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Signals.Ipc;

namespace Signals.Tests.Telemetry;

/// <summary>M8: activities have the attributes of the conventions, and traces continue in another process.</summary>
public sealed class ActivityTests
{
    private readonly List<Activity> _ended = [];
    private TracerProvider _provider = null!;

    [SetUp]
    public void Listen()
    {
        lock (_ended)
        {
            _ended.Clear();
        }

        _provider = Sdk.CreateTracerProviderBuilder().AddSource("Signals.Ipc").AddProcessor(new Ending(_ended)).Build();
    }

    [TearDown]
    public void End() => _provider.Dispose();

    [Test]
    public async Task M8_both_activities_of_a_call_have_the_attributes_of_the_conventions()
    {
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnHello = (_, _) => throw new IpcStatusException(IpcStatusCode.NotFound, "") }
        );
        await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.SayHelloAsync("Ada").Within("the failure"));
        foreach (Activity activity in await EndedAsync(2))
        {
            Assert.That(activity.DisplayName, Is.EqualTo("Greeter/SayHello"));
            Assert.That(
                string.Join(
                    ' ',
                    activity.TagObjects.OrderBy(static tag => tag.Key, StringComparer.Ordinal).Select(static tag => $"{tag.Key}={tag.Value}")
                ),
                Is.EqualTo(
                    "error.type=NOT_FOUND rpc.method=Greeter/SayHello rpc.response.status_code=NOT_FOUND rpc.system.name=signals_ipc "
                        + $"server.address={session.Host.Path}"
                )
            );
        }
    }

    [Test]
    [Platform("Linux")]
    public async Task M8_a_trace_continues_in_another_process()
    {
        using var path = new SocketPath();
        using SampleProcess peer = SampleProcess.Start(
            Path.Combine(AppContext.BaseDirectory, "Signals.Tests.HostingPeer.dll"),
            $"--Ipc:Host:Endpoint={path.Text}"
        );
        await peer.WaitForAsync("The host listens on");
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        using Activity root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        root.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        string[] replies = await proxy.WatchGreetings("Ada").Select(static reply => reply.Message).ToArrayAsync().AsTask().Within("the reply");
        Activity call = (await EndedAsync(1))[0];
        Assert.That((call.TraceId, call.ParentSpanId), Is.EqualTo((root.TraceId, root.SpanId)));
        Assert.That(replies, Is.EqualTo((string[])[$"{root.TraceId} {call.SpanId}"]), "The activity in the peer is a child of the call.");
    }

    private async Task<Activity[]> EndedAsync(int count)
    {
        await Bounded.UntilAsync(() => Ended.Length >= count, "the ends of the activities");
        Assert.That(Ended, Has.Length.EqualTo(count));
        return Ended;
    }

    private Activity[] Ended
    {
        get
        {
            lock (_ended)
            {
                return [.. _ended];
            }
        }
    }

    private sealed class Ending(List<Activity> ended) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            lock (ended)
            {
                ended.Add(data);
            }
        }
    }
}
