using System.Text.Json;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Remote;
using Signals.Tests.Tool.Support;

namespace Signals.Tests.Tool.Commands;

/// <summary>The command top.</summary>
[Platform("Linux")]
public sealed class TopTests
{
    [Test]
    public async Task L2_top_writes_a_document_each_second_until_ctrl_c()
    {
        await using var host = new TestHost();
        host.Host.Export("a.count", new Signal<int>());
        using var run = ToolRun.Start("top", $"{host.Endpoint}");
        await run.WaitForLinesAsync(2);
        run.Stop();
        await run.EndedAsync(0);
        Assert.That(run.Errors, Is.Empty);
        using JsonDocument report = JsonDocument.Parse(run.Lines[1]);
        Assert.That(report.RootElement.GetProperty("signals")[0].GetString(), Is.EqualTo("a.count"));
        Assert.That(report.RootElement.GetProperty("refusedClients").GetInt64(), Is.Zero);

        // Those of the tool are left out, and with it those of its process.
        Assert.That(report.RootElement.GetProperty("clients").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task L2_table_on_a_terminal_shows_clients_and_signals()
    {
        await using var host = new TestHost();
        host.Host.Export("a.count", new Signal<int>());
        using var run = ToolRun.StartOnTerminal("top", $"{host.Endpoint}");
        await Bounded.UntilAsync(() => run.Output.Contains("a.count", StringComparison.Ordinal), "the table");
        run.Stop();
        await run.EndedAsync(0);
        Assert.That(run.Output, Does.Contain("unsent").And.Contain("methods").And.Contain("1 signals"));
    }

    [Test]
    public async Task L2_top_of_a_host_that_reports_nothing_exits_with_1()
    {
        await using var host = new TestHost(options: new IpcHostOptions { DescribesItself = false });
        using ToolRun run = await ToolRun.RunAsync(1, "top", $"{host.Endpoint}");
        Assert.That(run.Errors, Does.StartWith("Unimplemented: ").And.Contain("DescribesItself"));
    }

    [Test]
    public async Task L2_top_ends_with_3_when_the_host_ends()
    {
        await using var host = new TestHost();
        using var run = ToolRun.Start("top", $"{host.Endpoint}");
        await run.WaitForLinesAsync(1);
        await host.Host.DisposeAsync();
        await run.EndedAsync(3);
    }
}
