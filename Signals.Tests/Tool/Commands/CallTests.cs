using System.Runtime.CompilerServices;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Tool.Support;

namespace Signals.Tests.Tool.Commands;

/// <summary>The commands call and watch of a method.</summary>
[TestFixture(Medium.SocketFile)]
[TestFixture(Medium.InMemory)]
public sealed class CallTests(Medium medium)
{
    private const string Hello = "Greeter/SayHello";
    private const string Greetings = "Greeter/WatchGreetings";
    private const string Ada = """{"name":"Ada"}""";

    [Test]
    public async Task L1_call_writes_the_reply()
    {
        await using TestHost host = Start();
        using ToolRun run = await ToolRun.RunAsync(0, "call", $"{host.Endpoint}", Hello, Ada);
        Assert.That((run.Output, run.Errors), Is.EqualTo(("""{"message":"Hello Ada"}""" + "\n", "")));
    }

    [Test]
    public async Task L2_reply_on_a_terminal_is_indented()
    {
        await using TestHost host = Start();
        using ToolRun run = await ToolRun.RunOnTerminalAsync("call", $"{host.Endpoint}", Hello, Ada);
        Assert.That(run.Output, Is.EqualTo("{\n  \"message\": \"Hello Ada\"\n}\n"));
    }

    [Test]
    public async Task L1_request_is_empty_unless_it_is_passed()
    {
        await using TestHost host = Start();
        using ToolRun run = await ToolRun.RunAsync(0, "call", $"{host.Endpoint}", Hello);
        Assert.That(run.Output, Is.EqualTo("""{"message":"Hello "}""" + "\n"));
    }

    [Test]
    public async Task L1_headers_and_the_time_limit_travel_with_the_call()
    {
        var service = new ScriptedGreeter
        {
            OnHello = (_, context) =>
                new ValueTask<GreeterReplyMsg>(ScriptedGreeter.Reply($"{context.Headers["a"]} {context.Headers["b.c"]} {context.Deadline is not null}")),
        };
        await using TestHost host = Start(service);
        using ToolRun run = await ToolRun.RunAsync(0, "call", $"{host.Endpoint}", Hello, "--header", "a=1", "--header", "B.c=x=y", "--timeout", "30s");
        Assert.That(run.Output, Does.Contain("1 x=y True"));
    }

    [Test]
    public async Task L2_failed_call_exits_with_1_and_its_status_on_stderr()
    {
        var service = new ScriptedGreeter { OnHello = (_, _) => throw new IpcStatusException(IpcStatusCode.NotFound, "no Ada here") };
        await using TestHost host = Start(service);
        using ToolRun run = await ToolRun.RunAsync(1, "call", $"{host.Endpoint}", Hello, Ada);
        Assert.That((run.Output, run.Errors.TrimEnd()), Is.EqualTo(("", "NotFound: no Ada here")));
    }

    [Test]
    public async Task L2_call_whose_time_is_over_exits_with_1()
    {
        var service = new ScriptedGreeter { OnHello = async (_, context) => await NeverAsync(context.CancellationToken) };
        await using TestHost host = Start(service);
        using ToolRun run = await ToolRun.RunAsync(1, "call", $"{host.Endpoint}", Hello, Ada, "--timeout", "100ms");
        Assert.That(run.Errors, Does.StartWith("DeadlineExceeded: "));
    }

    [TestCase("Greeter/Nothing", "Greeter has no method Nothing. The methods are SayHello, WaveGoodbye, WatchGreetings.")]
    [TestCase("Nothing/SayHello", "There is no service Nothing. The services are Greeter.")]
    public async Task L2_unknown_service_or_method_exits_with_1(string path, string error)
    {
        await using TestHost host = Start();
        foreach (string command in (string[])["call", "watch"])
        {
            using ToolRun run = await ToolRun.RunAsync(1, command, $"{host.Endpoint}", path);
            Assert.That(run.Errors, Does.StartWith("Unimplemented: ").And.Contain(error));
        }
    }

    [Test]
    public async Task L2_request_that_does_not_fit_exits_with_2_and_names_the_field()
    {
        await using TestHost host = Start();
        using ToolRun run = await ToolRun.RunAsync(2, "call", $"{host.Endpoint}", Hello, """{"nam":"Ada"}""");
        Assert.That(run.Errors, Does.Contain("has no field nam"));
    }

    [Test]
    public async Task L2_streams_are_watched_and_other_methods_called()
    {
        await using TestHost host = Start();
        using (ToolRun run = await ToolRun.RunAsync(2, "call", $"{host.Endpoint}", Greetings))
        {
            Assert.That(run.Errors, Does.Contain("use the command watch"));
        }

        using (ToolRun run = await ToolRun.RunAsync(2, "watch", $"{host.Endpoint}", Hello))
        {
            Assert.That(run.Errors, Does.Contain("use the command call"));
        }
    }

    [Test]
    public async Task L1_watch_writes_the_replies_until_the_stream_ends()
    {
        await using TestHost host = Start();
        using ToolRun run = await ToolRun.RunAsync(0, "watch", $"{host.Endpoint}", Greetings, Ada);
        Assert.That(run.Lines, Is.EqualTo((string[])["""{"message":"Ada 1"}""", """{"message":"Ada 2"}""", """{"message":"Ada 3"}"""]));
    }

    [Test]
    public async Task L2_ctrl_c_ends_watch_with_0_and_the_host_is_told()
    {
        var cancelled = new TaskCompletionSource();
        var service = new ScriptedGreeter { OnWatch = (_, context) => OnceAsync(cancelled, context.CancellationToken) };
        await using TestHost host = Start(service);
        using var run = ToolRun.Start("watch", $"{host.Endpoint}", Greetings, Ada);
        await run.WaitForLinesAsync(1);
        run.Stop();
        await run.EndedAsync(0);
        await cancelled.Task.Within("the cancellation");
        Assert.That(run.Errors, Is.Empty);
    }

    [Test]
    public async Task L2_ctrl_c_ends_call_with_130_and_the_host_is_told()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var service = new ScriptedGreeter
        {
            OnHello = async (_, context) =>
            {
                await using CancellationTokenRegistration registration = context.CancellationToken.Register(cancelled.SetResult);
                started.SetResult();
                return await NeverAsync(context.CancellationToken);
            },
        };
        await using TestHost host = Start(service);
        using var run = ToolRun.Start("call", $"{host.Endpoint}", Hello, Ada);
        await started.Task.Within("the call");
        run.Stop();
        await run.EndedAsync(130);
        await cancelled.Task.Within("the cancellation");
    }

    [Test]
    public async Task L2_lost_connection_exits_with_3()
    {
        var service = new ScriptedGreeter { OnWatch = (_, context) => OnceAsync(new TaskCompletionSource(), context.CancellationToken) };
        await using TestHost host = Start(service);
        using var run = ToolRun.Start("watch", $"{host.Endpoint}", Greetings, Ada);
        await run.WaitForLinesAsync(1);
        await host.Host.DisposeAsync();
        await run.EndedAsync(3);
        Assert.That(run.Errors, Is.Not.Empty);
    }

    private TestHost Start(Service? service = null) => new(service, medium: medium);

    private static async Task<GreeterReplyMsg> NeverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return new GreeterReplyMsg();
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> OnceAsync(
        TaskCompletionSource cancelled,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        yield return ScriptedGreeter.Reply("one");
        await using CancellationTokenRegistration registration = cancellationToken.Register(() => cancelled.TrySetResult());
        await NeverAsync(cancellationToken);
    }
}
