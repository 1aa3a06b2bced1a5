using NUnit.Framework;
using Signals.Tests.Tool.Support;

namespace Signals.Tests.Tool.Commands;

/// <summary>Wrong use, which is reported without a host, and missing hosts.</summary>
public sealed class MisuseTests
{
    private const string Endpoint = "memory:none";

    [TestCase]
    [TestCase("lst", Endpoint)]
    [TestCase("list")]
    [TestCase("list", Endpoint, "more")]
    [TestCase("list", "@")]
    [TestCase("list", "host:port")]
    [TestCase("list", Endpoint, "--wrong")]
    [TestCase("call", Endpoint)]
    [TestCase("call", Endpoint, "Greeter")]
    [TestCase("call", Endpoint, "Greeter/SayHello/More")]
    [TestCase("call", Endpoint, "/SayHello")]
    [TestCase("call", Endpoint, "Greeter/")]
    [TestCase("call", Endpoint, "Greeter/SayHello", "{\"name\":")]
    [TestCase("call", Endpoint, "Greeter/SayHello", "{}", "--timeout", "soon")]
    [TestCase("call", Endpoint, "Greeter/SayHello", "{}", "--timeout", "0s")]
    [TestCase("call", Endpoint, "Greeter/SayHello", "{}", "--header", "x")]
    [TestCase("call", Endpoint, "Greeter/SayHello", "{}", "--header", "x=1", "--header", "x=2")]
    [TestCase("watch", Endpoint, "a.signal", "{}")]
    [TestCase("call", Endpoint, "Greeter/SayHello", "--proto", "no such file")]
    public async Task L2_wrong_use_exits_with_2(params string[] arguments)
    {
        using ToolRun run = await ToolRun.RunAsync(2, arguments);
        Assert.That((run.Output, run.Errors.Length > 0), Is.EqualTo(("", true)));
    }

    [TestCase("list")]
    [TestCase("describe")]
    [TestCase("ping")]
    [TestCase("top")]
    [TestCase("graph")]
    [TestCase("call", "Greeter/SayHello")]
    [TestCase("watch", "Greeter/WatchGreetings")]
    [TestCase("watch", "a.signal")]
    public async Task L2_without_a_connection_it_exits_with_3(string command, params string[] arguments)
    {
        using ToolRun run = await ToolRun.RunAsync(3, [command, "memory:no-host", .. arguments]);
        Assert.That(run.Errors, Does.Contain("memory:no-host"));
    }

    [Test]
    public async Task L1_name_of_an_abstract_socket_is_no_file_of_arguments()
    {
        using ToolRun run = await ToolRun.RunAsync(3, "list", "@signals-tests-no-host");
        Assert.That(run.Errors, Does.Contain("@signals-tests-no-host"));
    }

    [Test]
    public async Task L1_help_exits_with_0()
    {
        using ToolRun run = await ToolRun.RunAsync(0, "--help");
        Assert.That(run.Output, Does.Contain("list").And.Contain("describe").And.Contain("call").And.Contain("watch").And.Contain("ping"));
    }
}
