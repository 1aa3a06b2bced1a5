using NUnit.Framework;
using Signals.Remote;
using Signals.Tests.Tool.Support;

namespace Signals.Tests.Tool.Commands;

/// <summary>The command watch of a signal.</summary>
public sealed class WatchSignalTests
{
    private const string Name = "tests.value";

    private enum Level
    {
        Low = 1,
        High = -2,
    }

    [Test]
    public async Task L2_values_are_written_alone_until_ctrl_c()
    {
        await using var host = new TestHost();
        using var signal = new Signal<int>();
        ExportedSignal export = host.Host.Export(Name, signal);
        using var run = ToolRun.Start("watch", $"{host.Endpoint}", Name);
        await Bounded.UntilAsync(() => export.SubscriberCount != 0, "the subscription");
        signal.Emit(7);
        signal.Emit(-8);
        await run.WaitForLinesAsync(2);
        run.Stop();
        await run.EndedAsync(0);
        Assert.That((string.Join(' ', run.Lines), run.Errors), Is.EqualTo(("7 -8", "")));
    }

    [Test]
    public async Task L1_property_begins_with_its_value()
    {
        await using var host = new TestHost();
        using var property = new Property<double>(1.5);
        host.Host.Export(Name, property);
        using var run = ToolRun.Start("watch", $"{host.Endpoint}", Name);
        await run.WaitForLinesAsync(1);
        property.Value = double.NaN;
        await run.WaitForLinesAsync(1);
        Assert.That(run.Lines, Is.EqualTo((string[])["1.5", "\"NaN\""]));
    }

    [Test]
    public async Task L2_values_of_all_types_have_json()
    {
        await AssertValueAsync(true, "true");
        await AssertValueAsync(uint.MaxValue, "4294967295");
        await AssertValueAsync(long.MinValue, "\"-9223372036854775808\"");
        await AssertValueAsync(ulong.MaxValue, "\"18446744073709551615\"");
        await AssertValueAsync(0.1f, "0.1");
        await AssertValueAsync("a \"b\" ü", "\"a \\\"b\\\" ü\"");
        await AssertValueAsync<byte[]>([0xFB, 0xFF], "\"+/8=\"");
        await AssertValueAsync(TimeSpan.FromMilliseconds(-1500), "\"-1.5s\"");
        await AssertValueAsync(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.FromHours(-2)), "\"2026-01-31T12:00:00-02:00\"");
        await AssertValueAsync(new Guid("00112233-4455-6677-8899-aabbccddeeff"), "\"00112233-4455-6677-8899-aabbccddeeff\"");
        await AssertValueAsync(Level.High, "-2");
        await AssertValueAsync(new GreeterReplyMsg { Message = "hi" }, """{"message":"hi"}""");
        await AssertValueAsync<string?>(null, "null");
    }

    [Test]
    public async Task L2_arguments_are_a_list()
    {
        await using var host = new TestHost();
        using var signal = new Signal<int, string>();
        ExportedSignal export = host.Host.Export(Name, signal);
        using var run = ToolRun.Start("watch", $"{host.Endpoint}", Name);
        await Bounded.UntilAsync(() => export.SubscriberCount != 0, "the subscription");
        signal.Emit(1, "a");
        await run.WaitForLinesAsync(1);
        Assert.That(run.Lines, Is.EqualTo((string[])["""[1,"a"]"""]));
    }

    [Test]
    public async Task L2_unknown_signal_exits_with_1()
    {
        await using var host = new TestHost();
        using ToolRun run = await ToolRun.RunAsync(1, "watch", $"{host.Endpoint}", Name);
        Assert.That(run.Errors, Does.StartWith("NotFound: "));
    }

    [Test]
    public async Task L2_signal_that_the_client_may_not_import_is_unknown()
    {
        await using var host = new TestHost();
        host.Host.Export(Name, new Signal<int>(), new ExportOptions { Authorize = static _ => false });
        using ToolRun run = await ToolRun.RunAsync(1, "watch", $"{host.Endpoint}", Name);
        Assert.That(run.Errors, Does.StartWith("NotFound: "));
    }

    [Test]
    public async Task L2_lost_connection_exits_with_3()
    {
        await using var host = new TestHost();
        ExportedSignal export = host.Host.Export(Name, new Signal<int>());
        using var run = ToolRun.Start("watch", $"{host.Endpoint}", Name);
        await Bounded.UntilAsync(() => export.SubscriberCount != 0, "the subscription");
        await host.Host.DisposeAsync();
        await run.EndedAsync(3);
    }

    [Test]
    public async Task L2_time_limit_ends_it_with_1()
    {
        await using var host = new TestHost();
        host.Host.Export(Name, new Signal<int>());
        using ToolRun run = await ToolRun.RunAsync(1, "watch", $"{host.Endpoint}", Name, "--timeout", "300ms");
        Assert.That(run.Errors, Does.StartWith("DeadlineExceeded: "));
    }

    private static async Task AssertValueAsync<T>(T value, string json)
    {
        await using var host = new TestHost();
        using var property = new Property<T>(value);
        host.Host.Export(Name, property);
        using var run = ToolRun.Start("watch", $"{host.Endpoint}", Name);
        await run.WaitForLinesAsync(1);
        Assert.That(run.Lines, Is.EqualTo((string[])[json]), $"{typeof(T)}");
    }
}
