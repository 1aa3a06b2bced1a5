using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Remote;
using Signals.Tests.Tool.Protos;
using Signals.Tests.Tool.Support;

namespace Signals.Tests.Tool.Commands;

/// <summary>The commands list, describe and ping, and the option --proto.</summary>
public sealed class HostTests
{
    private static readonly IpcHostOptions Silent = new() { DescribesItself = false };

    [Test]
    public async Task L2_list_writes_services_and_signals_one_a_line()
    {
        await using var host = new TestHost();
        host.Host.Export("a.count", new Signal<int>());
        host.Host.Export("b.level", new Property<double>(1));
        using ToolRun run = await ToolRun.RunAsync(0, "list", $"{host.Endpoint}");
        Assert.That(
            run.Lines,
            Is.EqualTo(
                (string[])
                    [
                        """{"service":"Greeter","methods":["SayHello","WaveGoodbye","WatchGreetings"]}""",
                        """{"signal":"a.count","type":"int32"}""",
                        """{"signal":"b.level","type":"double"}""",
                    ]
            )
        );
    }

    [Test]
    public async Task L1_list_has_all_signals_of_a_host_that_exports_many()
    {
        await using var host = new TestHost();
        using var signal = new Signal<int>();
        for (int number = 0; number < 3000; number++)
        {
            host.Host.Export($"signal.{number:D4}.with-a-name-that-is-rather-long", signal);
        }

        using ToolRun run = await ToolRun.RunAsync(0, "list", $"{host.Endpoint}");
        Assert.That(run.Lines, Has.Length.EqualTo(3001).And.Exactly(1).Contains("signal.2999."));
    }

    [Test]
    public async Task L2_list_on_a_terminal_shows_messages()
    {
        await using var host = new TestHost();
        host.Host.Export("a.count", new Signal<int>());
        using ToolRun run = await ToolRun.RunOnTerminalAsync("list", $"{host.Endpoint}");
        Assert.That(
            run.Output,
            Does.Contain("  WatchGreetings(GreeterRequestMsg) returns stream GreeterReplyMsg\n").And.EndsWith("a.count: signal of int32\n")
        );
    }

    [Test]
    public async Task L2_describe_writes_methods_one_a_line()
    {
        await using var host = new TestHost();
        using ToolRun run = await ToolRun.RunAsync(0, "describe", $"{host.Endpoint}", "Greeter");
        Assert.That(run.Lines, Has.Length.EqualTo(3));
        Assert.That(
            run.Lines[2],
            Is.EqualTo("""{"service":"Greeter","method":"WatchGreetings","request":"GreeterRequestMsg","reply":"GreeterReplyMsg","stream":true}""")
        );
    }

    [Test]
    public async Task L2_describe_on_a_terminal_shows_declarations()
    {
        await using var host = new TestHost();
        using ToolRun run = await ToolRun.RunOnTerminalAsync("describe", $"{host.Endpoint}");
        Assert.That(
            run.Output,
            Does.Contain("  rpc WatchGreetings(GreeterRequestMsg) returns (stream GreeterReplyMsg);\n")
                .And.Contain("message GreeterReplyMsg {\n  optional string message = 1;\n}")
        );
    }

    [Test]
    public async Task L2_describing_an_unknown_service_exits_with_1()
    {
        await using var host = new TestHost();
        using ToolRun run = await ToolRun.RunAsync(1, "describe", $"{host.Endpoint}", "Nothing");
        Assert.That(run.Errors, Does.Contain("There is no service Nothing"));
    }

    [Test]
    public async Task L2_ping_writes_the_time()
    {
        await using var host = new TestHost();
        using ToolRun run = await ToolRun.RunAsync(0, "ping", $"{host.Endpoint}");
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.That(document.RootElement.GetProperty("milliseconds").GetDouble(), Is.Positive);
        using ToolRun onTerminal = await ToolRun.RunOnTerminalAsync("ping", $"{host.Endpoint}");
        Assert.That(onTerminal.Output, Does.EndWith(" ms\n"));
    }

    [Test]
    public async Task L1_hosts_on_tcp_describe_themselves_only_if_asked()
    {
        await using var silent = new IpcHost();
        silent.Expose(new ScriptedGreeter());
        silent.Export("a.count", new Signal<int>());
        IpcEndpoint endpoint = silent.Start(IpcEndpoint.Parse("127.0.0.1:0"));
        using (ToolRun run = await ToolRun.RunAsync(1, "list", $"{endpoint}"))
        {
            Assert.That(run.Lines, Is.EqualTo((string[])["""{"signal":"a.count","type":"int32"}"""]));
            Assert.That(run.Errors, Does.Contain("does not describe its services").And.Contain("--proto"));
        }

        await using var open = new IpcHost(new IpcHostOptions { DescribesItself = true });
        open.Expose(new ScriptedGreeter());
        endpoint = open.Start(IpcEndpoint.Parse("127.0.0.1:0"));
        using (ToolRun run = await ToolRun.RunAsync(0, "call", $"{endpoint}", "Greeter/SayHello", """{"name":"Ada"}"""))
        {
            Assert.That(run.Output, Does.Contain("Hello Ada"));
        }
    }

    [TestCase("call", "Greeter/SayHello")]
    [TestCase("watch", "Greeter/WatchGreetings")]
    [TestCase("describe")]
    public async Task L1_host_that_does_not_describe_itself_needs_a_file(string command, params string[] arguments)
    {
        await using var host = new TestHost(options: Silent);
        using ToolRun run = await ToolRun.RunAsync(1, [command, $"{host.Endpoint}", .. arguments]);
        Assert.That(run.Errors, Does.StartWith("Unimplemented: ").And.Contain("--proto"));
    }

    [Test]
    public async Task L1_file_with_descriptors_takes_the_place_of_the_description()
    {
        await using var host = new TestHost(options: Silent);
        using var path = new SocketPath();
        string file = Path.Combine(path.Folder, "greeter.pb");
        var set = new FileDescriptorSet { File = { GreeterReflection.Descriptor.ToProto(), OtherReflection.Descriptor.ToProto() } };
        await File.WriteAllBytesAsync(file, set.ToByteArray());
        using (ToolRun run = await ToolRun.RunAsync(0, "call", $"{host.Endpoint}", "Greeter/SayHello", """{"name":"Ada"}""", "--proto", file))
        {
            Assert.That(run.Output, Does.Contain("Hello Ada"));
        }

        // The file also has services that the host does not have.
        using (ToolRun run = await ToolRun.RunAsync(0, "list", $"{host.Endpoint}", "--proto", file))
        {
            Assert.That(run.Lines, Is.EqualTo((string[])["""{"service":"Greeter","methods":["SayHello","WaveGoodbye","WatchGreetings"]}"""]));
        }

        using (ToolRun run = await ToolRun.RunAsync(1, "call", $"{host.Endpoint}", "Other/Ping", """{"text":""}""", "--proto", file))
        {
            Assert.That(run.Errors, Does.Contain("The host has no service Other"));
        }
    }

    [Test]
    public async Task L2_file_that_is_no_set_of_descriptors_exits_with_2()
    {
        using var path = new SocketPath();
        string file = Path.Combine(path.Folder, "x.pb");
        await File.WriteAllTextAsync(file, "text");
        using (ToolRun run = await ToolRun.RunAsync(2, "list", "memory:none", "--proto", file))
        {
            Assert.That(run.Errors, Does.Contain(file));
        }

        // A file whose imports are missing.
        var set = new FileDescriptorSet { File = { EverythingReflection.Descriptor.ToProto() } };
        await File.WriteAllBytesAsync(file, set.ToByteArray());
        using (ToolRun run = await ToolRun.RunAsync(2, "list", "memory:none", "--proto", file))
        {
            Assert.That(run.Errors, Does.Contain("--include_imports"));
        }
    }
}
