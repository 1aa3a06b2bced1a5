using NUnit.Framework;

namespace Signals.Tests.Product.Samples;

/// <summary>samples/Daemon behaves as its page describes: it runs jobs, tells their output, and lets them end when it is stopped.</summary>
[Platform("Linux")]
public sealed class DaemonTests
{
    private SocketPath _path = null!;
    private SampleProcess _daemon = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _path = new SocketPath();
        _daemon = SampleProcess.StartDaemon($"--Ipc:Host:Endpoint={_path.Text}", "--Jobs:Parallel=1");
        await _daemon.WaitForAsync("The host listens on");
    }

    [TearDown]
    public void End()
    {
        _daemon.Dispose();
        _path.Dispose();
    }

    [Test]
    public async Task Client_prints_the_output_of_its_job_and_ends_with_its_exit_code()
    {
        using SampleProcess client = StartClient("run", "echo one; echo two; exit 3");
        Assert.That(await client.ExitAsync(), Is.EqualTo(3), client.Errors);
        Assert.That(client.Output.Trim(), Is.EqualTo("one\ntwo"));
    }

    [Test]
    public async Task Client_shows_the_health_and_the_number_of_running_jobs()
    {
        using SampleProcess health = StartClient("health");
        Assert.That(await health.ExitAsync(), Is.Zero, health.Errors);
        Assert.That(health.Output, Does.Contain($"Healthy: The host listens on {_path.Text}"));
        using SampleProcess watch = StartClient("watch");
        await watch.WaitForAsync("0 jobs are running");
        using SampleProcess client = StartClient("run", $"echo started; {Wait}");
        await watch.WaitForAsync("1 jobs are running");
        Release();
        await client.ExitAsync();
        watch.Send("INT");
        await watch.ExitAsync();
    }

    [Test]
    public async Task SIGTERM_lets_a_running_job_end_and_its_client_sees_the_result()
    {
        using SampleProcess client = StartClient("run", $"echo started; {Wait}; echo ended; exit 4");
        await client.WaitForAsync("started");
        _daemon.Send("TERM");
        await Bounded.UntilAsync(() => !File.Exists(_path.Text), Bounded.ProcessLimit, "the stop of the host");
        Release();
        Assert.That(await client.ExitAsync(), Is.EqualTo(4), client.Output + client.Errors);
        Assert.That(await _daemon.ExitAsync(), Is.Zero, _daemon.Output + _daemon.Errors);
    }

    [Test]
    public async Task Job_of_a_client_that_is_interrupted_is_killed()
    {
        using SampleProcess client = StartClient("run", "echo process $$; exec sleep 1000");
        await client.WaitForAsync("process ");
        string process = client.Output.Split("process ")[1].Split('\n')[0];
        Assert.That(Directory.Exists($"/proc/{process}"), Is.True);
        client.Send("INT");
        await client.ExitAsync();
        await Bounded.UntilAsync(() => !Directory.Exists($"/proc/{process}"), Bounded.ProcessLimit, "the end of the job");
    }

    [Test]
    public async Task Daemon_sends_its_metrics_and_traces_if_an_endpoint_is_configured()
    {
        using var path = new SocketPath();
        using var collector = new TelemetryCollector();
        using SampleProcess daemon = SampleProcess.StartDaemon(
            $"--Ipc:Host:Endpoint={path.Text}",
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Address}",
            "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
            "--OTEL_METRIC_EXPORT_INTERVAL=100"
        );
        await daemon.WaitForAsync("The host listens on");
        await Bounded.UntilAsync(
            () => collector.Received("/v1/metrics").Contains("signals.ipc.server.active_connections", StringComparison.Ordinal),
            Bounded.ProcessLimit,
            "the metrics of the host"
        );
        using (SampleProcess client = SampleProcess.StartDaemon("run", "exit 0", $"--Ipc:Client:Endpoint={path.Text}"))
        {
            Assert.That(await client.ExitAsync(), Is.Zero, client.Errors);
        }

        // What has not been sent yet is sent at the end.
        daemon.Send("TERM");
        Assert.That(await daemon.ExitAsync(), Is.Zero, daemon.Output + daemon.Errors);
        foreach (string name in (string[])["rpc.server.call.duration", "signals.evaluator.lag"])
        {
            Assert.That(collector.Received("/v1/metrics"), Does.Contain(name));
        }

        Assert.That(collector.Received("/v1/traces"), Does.Contain("daemon.Jobs/Run"));
    }

    /// <summary>Gets a command that waits for <see cref="Release"/>.</summary>
    private string Wait => $"while [ ! -e {_path.Folder}/go ]; do sleep 0.05; done";

    private void Release() => File.WriteAllText(Path.Combine(_path.Folder, "go"), "");

    private SampleProcess StartClient(params IEnumerable<string> arguments) =>
        SampleProcess.StartDaemon([.. arguments, $"--Ipc:Client:Endpoint={_path.Text}"]);
}
