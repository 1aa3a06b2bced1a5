using NUnit.Framework;

namespace Signals.Tests.Product.Samples;

/// <summary>samples/RxDashboard behaves as the README describes, and its exit code reports the result.</summary>
public sealed class DashboardTests
{
    [Test]
    public async Task Redirected_run_prints_plain_text_and_ends()
    {
        using var dashboard = SampleProcess.StartDashboard("--seconds", "1");
        Assert.That(await dashboard.ExitAsync(), Is.Zero, dashboard.Errors);
        Assert.That(dashboard.Errors.Trim(), Is.Empty);
        Assert.That(dashboard.Output, Does.Not.Contain('\e'));

        // A machine that has other things to do may need longer than a second to measure one.
        Assert.That(dashboard.Output, Does.Contain("Total of 1.").Or.Contain("Ended before"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Run_that_the_user_ends_prints_its_totals([Values("INT", "TERM")] string signal)
    {
        using var dashboard = SampleProcess.StartDashboard();
        await dashboard.WaitForAsync(", allocating ");
        dashboard.Send(signal);
        Assert.That(await dashboard.ExitAsync(), Is.Zero, dashboard.Errors);
        Assert.That(dashboard.Output, Does.Contain("Total of "));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Run_that_the_user_ends_prints_its_totals_when_the_tests_run_in_the_background()
    {
        // As a shell does for its background jobs.
        using var ignored = SignalDisposition.Ignored(SignalDisposition.Interrupt);
        await Run_that_the_user_ends_prints_its_totals("INT");
    }

    [Test]
    public async Task Help_is_shown_and_is_not_an_error()
    {
        using var dashboard = SampleProcess.StartDashboard("--help");
        Assert.That(await dashboard.ExitAsync(), Is.Zero);
        Assert.That(dashboard.Output, Does.Contain("Usage:").And.Contain("--seconds N"));
    }

    [TestCase("--second", "5")]
    [TestCase("--seconds")]
    [TestCase("--seconds", "0")]
    public async Task Invalid_arguments_print_the_usage(params string[] arguments)
    {
        using var dashboard = SampleProcess.StartDashboard(arguments);
        Assert.That(await dashboard.ExitAsync(), Is.EqualTo(2));
        Assert.That(dashboard.Errors, Does.Contain("--seconds").And.Contain("Usage:"));
        Assert.That(dashboard.Output.Trim(), Is.Empty);
    }
}
