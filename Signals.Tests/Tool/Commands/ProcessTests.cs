extern alias samples;

using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Tool;

namespace Signals.Tests.Tool.Commands;

/// <summary>The tool as a process, with the samples as other ones.</summary>
[Platform("Linux")]
public sealed class ProcessTests
{
    private static readonly string Tool = typeof(ToolProgram).Assembly.Location;
    private static readonly string Greeter = typeof(samples::Greeter.GreeterReflection).Assembly.Location;
    private static readonly string Plant = Path.Combine(AppContext.BaseDirectory, "Plant.dll");

    private SocketPath _path = null!;

    [SetUp]
    public void ChoosePath() => _path = new SocketPath();

    [TearDown]
    public void RemovePath() => _path.Dispose();

    [Test]
    public async Task L1_greeter_is_listed_described_called_watched_and_pinged()
    {
        using SampleProcess host = await StartGreeterAsync();
        Assert.That(
            await RunAsync(0, "list", _path.Text),
            Is.EqualTo(
                """
                {"service":"Greeter","methods":["SayHello","WaveGoodbye","WatchGreetings"]}
                {"service":"GuestBook","methods":["Enter","Arrived","Guests"]}
                """
            )
        );
        Assert.That(
            await RunAsync(0, "describe", _path.Text, "GuestBook"),
            Does.StartWith("""{"service":"GuestBook","method":"Enter","request":"greeter.Guest","reply":"greeter.GuestCount","stream":false}""")
        );
        Assert.That(await RunAsync(0, "call", _path.Text, "GuestBook/Enter", """{"name":"Ada"}"""), Is.EqualTo("""{"count":1}"""));
        Assert.That(
            await RunAsync(0, "watch", _path.Text, "Greeter/WatchGreetings", """{"name":"Ada"}"""),
            Is.EqualTo(
                """
                {"message":"Hello Ada"}
                {"message":"Hello Ada"}
                {"message":"Hello Ada"}
                """
            )
        );
        Assert.That(await RunAsync(0, "ping", _path.Text), Does.StartWith("""{"milliseconds":"""));
        Assert.That(await RunAsync(1, "call", _path.Text, "Greeter/Nothing"), Is.Empty);
        Assert.That(await RunAsync(2, "call", _path.Text, "Greeter/SayHello", "{"), Is.Empty);
    }

    [Test]
    public async Task L2_ctrl_c_ends_watch_with_0()
    {
        using SampleProcess host = await StartGreeterAsync();
        using var watch = SampleProcess.Start(Tool, "watch", _path.Text, "GuestBook/Guests");
        await watch.WaitForAsync("{");
        await RunAsync(0, "call", _path.Text, "GuestBook/Enter", """{"name":"Ada"}""");
        await watch.WaitForAsync("""{"count":1}""");
        watch.Send("INT");
        Assert.That((await watch.ExitAsync(), watch.Errors.Trim()), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task L1_top_shows_the_calls_of_another_process()
    {
        using SampleProcess host = await StartGreeterAsync();
        using var watch = SampleProcess.Start(Tool, "watch", _path.Text, "GuestBook/Guests");
        await watch.WaitForAsync("{");
        using var top = SampleProcess.Start(Tool, "top", _path.Text);
        await top.WaitForAsync("}\n");
        top.Send("INT");
        Assert.That(await top.ExitAsync(), Is.Zero, top.Errors);
        using JsonDocument report = JsonDocument.Parse(top.Output.Split('\n')[0]);
        JsonElement client = report.RootElement.GetProperty("clients").EnumerateArray().Single();
        Assert.That(client.GetProperty("activeCalls").GetInt32(), Is.EqualTo(1));
        Assert.That(client.GetProperty("methods").GetProperty("GuestBook.Guests").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task L1_graph_shows_the_signals_of_a_process_that_tracks_them()
    {
        using (SampleProcess host = await StartGreeterAsync())
        {
            Assert.That(await RunAsync(1, "graph", _path.Text), Is.Empty);
            host.Send("INT");
            await host.ExitAsync();
        }

        JsonNode settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(Greeter, ".runtimeconfig.json")))!;
        settings["runtimeOptions"]!["configProperties"]!["Signals.SignalTracker.IsSupported"] = true;
        string file = Path.Combine(_path.Folder, "tracked.json");
        await File.WriteAllTextAsync(file, settings.ToJsonString());
        var start = new ProcessStartInfo("dotnet");
        foreach (string argument in (string[])["exec", "--runtimeconfig", file, Greeter, "host", "--socket", _path.Text])
        {
            start.ArgumentList.Add(argument);
        }

        using var tracked = SampleProcess.Start(start);
        await tracked.WaitForAsync("listens on");
        using JsonDocument graph = JsonDocument.Parse(await RunAsync(0, "graph", _path.Text));
        Assert.That(graph.RootElement.GetProperty("mermaid").GetString(), Does.StartWith("flowchart"));
    }

    [Test]
    public async Task L2_ctrl_c_ends_call_with_130_and_a_missing_host_is_3()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using (var host = new IpcHost())
        {
            host.Expose(
                new ScriptedGreeter
                {
                    OnHello = async (_, context) =>
                    {
                        started.SetResult();
                        await using CancellationTokenRegistration registration = context.CancellationToken.Register(cancelled.SetResult);
                        await cancelled.Task;
                        throw new OperationCanceledException(context.CancellationToken);
                    },
                }
            );
            host.Start(_path.Endpoint);
            using var call = SampleProcess.Start(Tool, "call", _path.Text, "Greeter/SayHello");
            await started.Task.Within(Bounded.ProcessLimit, "the call");
            call.Send("INT");
            Assert.That(await call.ExitAsync(), Is.EqualTo(130), call.Errors);
            await cancelled.Task.Within("the cancellation");
        }

        Assert.That(await RunAsync(3, "ping", _path.Text), Is.Empty);
    }

    [Test]
    public async Task L1_signals_of_plant_are_listed_and_watched()
    {
        using var plant = SampleProcess.Start(Plant, "sensors", "--socket", _path.Text);
        await using (var client = new IpcClient(_path.Endpoint, new IpcClientOptions { Retry = true }))
        {
            await client.ConnectAsync().Within(Bounded.ProcessLimit, "the sensors");
        }

        Assert.That(await RunAsync(0, "list", _path.Text), Does.Contain("""{"signal":"plant.cpu.load","type":"double"}"""));
        using var watch = SampleProcess.Start(Tool, "watch", _path.Text, "plant.catalogue");
        await watch.WaitForAsync("plant.cpu.load");
        watch.Send("INT");
        Assert.That(await watch.ExitAsync(), Is.Zero, watch.Errors);
        using JsonDocument catalogue = JsonDocument.Parse(watch.Output.Split('\n')[0]);
        Assert.That(catalogue.RootElement.ValueKind, Is.EqualTo(JsonValueKind.Object));
    }

    [Test]
    public async Task L1_watch_ends_when_the_reader_of_its_output_has_gone()
    {
        await using var host = new IpcHost();
        using var signal = new Signal<int>();
        Remote.ExportedSignal export = Remote.SignalExporting.Export(host, "tests.value", signal);
        host.Start(_path.Endpoint);
        var start = new ProcessStartInfo("sh");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"dotnet '{Tool}' watch '{_path.Text}' tests.value | head -n 1; echo done");
        using var shell = SampleProcess.Start(start);
        await Bounded.UntilAsync(() => export.SubscriberCount != 0, Bounded.ProcessLimit, "the subscription");
        signal.Emit(1);
        await shell.WaitForAsync("1");
        await Bounded.UntilAsync(
            () =>
            {
                signal.Emit(2);
                return export.SubscriberCount == 0;
            },
            Bounded.ProcessLimit,
            "the end of the tool"
        );
        Assert.That(await shell.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task L1_source_of_a_service_is_compiled_by_the_installed_protoc()
    {
        using SampleProcess host = await StartGreeterAsync();
        string file = Path.Combine(_path.Folder, "mine.proto");
        await File.WriteAllTextAsync(
            file,
            """
            syntax = "proto3";
            package other.name;
            message Name { string name = 1; }
            message Text { string message = 1; }
            service Greeter { rpc SayHello(Name) returns (Text); }
            """
        );
        string protoc = typeof(ProcessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "Protoc").Value!;
        string[] arguments = ["call", _path.Text, "Greeter/SayHello", """{"name":"Ada"}""", "--proto", file];
        using (SampleProcess call = Start(protoc, arguments))
        {
            Assert.That(await call.ExitAsync(), Is.Zero, call.Errors);
            Assert.That(call.Output.Trim(), Is.EqualTo("""{"message":"Hello Ada"}"""));
        }

        using (SampleProcess call = Start("/no/such/protoc", arguments))
        {
            Assert.That(await call.ExitAsync(), Is.EqualTo(2));
            Assert.That(call.Errors, Does.Contain("Install protoc"));
        }

        await File.AppendAllTextAsync(file, "nonsense");
        using (SampleProcess call = Start(protoc, arguments))
        {
            Assert.That(await call.ExitAsync(), Is.EqualTo(2));
            Assert.That(call.Errors, Does.Contain("cannot be compiled").And.Contain("mine.proto"));
        }
    }

    private static SampleProcess Start(string protoc, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { Environment = { ["PROTOC"] = protoc } };
        start.ArgumentList.Add(Tool);
        Array.ForEach(arguments, start.ArgumentList.Add);
        return SampleProcess.Start(start);
    }

    private async Task<SampleProcess> StartGreeterAsync()
    {
        var host = SampleProcess.Start(Greeter, "host", "--socket", _path.Text);
        await host.WaitForAsync("listens on");
        return host;
    }

    private static async Task<string> RunAsync(int exitCode, params string[] arguments)
    {
        using var tool = SampleProcess.Start(Tool, arguments);
        Assert.That(await tool.ExitAsync(), Is.EqualTo(exitCode), () => $"{tool.Output}{tool.Errors}");
        Assert.That(tool.Errors.Trim(), exitCode == 0 ? Is.Empty : Is.Not.Empty);
        return tool.Output.Trim().ReplaceLineEndings("\n");
    }
}
