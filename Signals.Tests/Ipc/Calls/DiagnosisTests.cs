using System.Diagnostics;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Stalled and failed calls can be diagnosed.</summary>
[TestFixture]
public sealed class DiagnosisTests
{
    [Test]
    public async Task G2_a_host_that_pauses_a_client_logs_the_limit_once_and_counts_the_client()
    {
        var logger = new ListLogger();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = new TestHost(
            new ScriptedGreeter { OnHello = async (_, _) => await ReplyAfterAsync(release.Task) },
            new IpcHostOptions { MaxConcurrentCalls = 2, Logger = logger }
        );

        // One that does not know the limit.
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame[] calls = [.. Enumerable.Range(0, 4).Select(_ => client.Call(1, "Ada"))];
        client.Send(calls);
        await Bounded.UntilAsync(() => host.Host.PausedClients == 1, "the pause");
        (LogLevel Level, string Text, Exception? Exception)[] warnings = [];
        await Bounded.UntilAsync(
            () => (warnings = [.. logger.Entries.Where(entry => entry.Text.Contains("paused"))]).Length != 0,
            "the log entry of the pause"
        );
        Assert.That(warnings.Select(entry => entry.Level), Is.EqualTo((LogLevel[])[LogLevel.Warning]));
        Assert.That(warnings[0].Text, Does.StartWith("Client 1: ").And.Contain("MaxConcurrentCalls (2)"));
        release.SetResult();
        Array.ForEach(calls, _ => client.Receive());
        await Bounded.UntilAsync(() => host.Host.PausedClients == 0, "the end of the pause");
    }

    [Test]
    public async Task G2_pending_calls_are_listed_with_method_age_and_state()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter { OnHello = async (_, _) => await ReplyAfterAsync(release.Task), OnWatch = (_, context) => OneAsync(context) }
        );
        Assert.That(session.Client.GetPendingCalls(), Is.Empty);
        Task call = session.Proxy.SayHelloAsync("Ada");
        await using IAsyncEnumerator<GreeterReplyMsg> replies = session.Proxy.WatchGreetings("Ada").GetAsyncEnumerator();
        await replies.MoveNextAsync().Within("the reply");
        IReadOnlyList<PendingCallInfo> pending = session.Client.GetPendingCalls();
        Assert.That(
            pending.Select(info => (info.Method, info.State)),
            Is.EquivalentTo(
                ((string, PendingCallState)[])[("Greeter.SayHello", PendingCallState.Sent), ("Greeter.WatchGreetings", PendingCallState.Streaming)]
            )
        );
        Assert.That(pending.Select(info => info.Age), Is.All.InRange(TimeSpan.Zero, Bounded.ProcessLimit));
        release.SetResult();
        await call.Within("the reply");
    }

    [Test]
    [NonParallelizable]
    public async Task G11_without_a_logger_the_first_exception_of_each_type_is_traced()
    {
        using var listener = new ListListener();
        Trace.Listeners.Add(listener);
        try
        {
            await using TestSession session = await TestSession.StartAsync(
                new ScriptedGreeter
                {
                    OnHello = (request, _) => throw (request.Name == "a" ? new NotSupportedException("first") : new TimeZoneNotFoundException("second")),
                }
            );
            foreach (string name in (string[])["a", "a", "b", "b"])
            {
                await Assert.ThrowsAsync<IpcCallException>(() => session.Proxy.SayHelloAsync(name).Within("the failure"));
            }

            string[] texts = [.. listener.Texts.Where(text => text.Contains("SayHello"))];
            Assert.That(texts, Has.Length.EqualTo(2));
            Assert.That(texts[0], Does.Contain("first").And.Contain("IpcHostOptions.Logger"));
            Assert.That(texts[1], Does.Contain("second"));
        }
        finally
        {
            Trace.Listeners.Remove(listener);
        }
    }

    private static async Task<GreeterReplyMsg> ReplyAfterAsync(Task release)
    {
        await release;
        return ScriptedGreeter.Reply("");
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> OneAsync(CallContext context)
    {
        yield return ScriptedGreeter.Reply("one");
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    /// <summary>Keeps the texts that are traced.</summary>
    private sealed class ListListener : TraceListener
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _texts = new();

        internal IEnumerable<string> Texts => _texts;

        public override void Write(string? message) { }

        public override void WriteLine(string? message) => _texts.Enqueue(message ?? "");
    }
}
