using NUnit.Framework;
using RxDashboard;

namespace Signals.Tests.Product.Samples;

public sealed class DashboardSessionTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    [Test]
    public void Redirected_run_prints_a_line_a_second_and_the_totals()
    {
        // From the ninth look on, at 2.25 s, the machine is saturated. On the way there it is busy for half a second, which is too short to count.
        string output = RunFor(seconds: 5, new ScriptedMachine(look => look < 9 ? 30 : 100), new FakeTime());
        Assert.That(
            output,
            Is.EqualTo(
                """
                A script.
                   1.0 s  CPU  30.0 %, peak  30.0 %, settling   memory 500.0 MiB of 10.0 GiB,   4.9 %  heap   4.0 MiB, allocating   4.0 MiB/s, 0 collections
                   2.0 s  CPU  30.0 %, peak  30.0 %, calm       memory 900.0 MiB of 10.0 GiB,   8.8 %  heap   8.0 MiB, allocating   4.0 MiB/s, 0 collections
                   3.0 s  CPU 100.0 %, peak 100.0 %, calm       memory   1.3 GiB of 10.0 GiB,  12.7 %  heap   2.0 MiB, allocating   4.0 MiB/s, 1 collection
                   4.0 s  CPU 100.0 %, peak 100.0 %, saturated  memory   1.7 GiB of 10.0 GiB,  16.6 %  heap   6.0 MiB, allocating   4.0 MiB/s, 1 collection
                   5.0 s  CPU 100.0 %, peak 100.0 %, saturated  memory   2.1 GiB of 10.0 GiB,  20.5 %  heap       0 B, allocating   4.0 MiB/s, 2 collections
                Total of 5.0 s: CPU 73.2 % on average, 100.0 % at most; memory 2.1 GiB of 10.0 GiB at most; 20.0 MiB allocated, 2 collections, 4.0 ms paused.

                """
            )
        );
    }

    [Test]
    public void Short_peak_is_not_pressure()
    {
        string output = RunFor(seconds: 5, new ScriptedMachine(look => look is 9 or 10 or 11 ? 100 : 0), new FakeTime());
        Assert.That(output, Does.Contain("peak 100.0 %, calm").And.Not.Contain("busy"));
    }

    [Test]
    public void No_timer_remains_after_a_session()
    {
        var time = new FakeTime();
        RunFor(seconds: 2, new ScriptedMachine(_ => 50), time);
        Assert.That(time.Due, Is.Empty);
    }

    [Test]
    public void Session_that_is_stopped_immediately_reports_this()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var machine = new ScriptedMachine(_ => 0);
        using var session = new DashboardSession(machine, new LineView(output, machine.Source), new FakeTime());
        session.Run(null, new CancellationToken(canceled: true));
        Assert.That(output.ToString(), Is.EqualTo("A script.\nEnded before the first second was over: nothing to sum up.\n"));
    }

    [Test]
    public void Failure_to_read_the_machine_is_thrown_by_the_pump()
    {
        var time = new FakeTime();
        var machine = new ScriptedMachine(_ => 0) { Failure = new IOException("It is gone.") };
        using var session = new DashboardSession(machine, new LineView(TextWriter.Null, machine.Source), time);
        session.Start(null, () => { });
        Assert.That(() => time.Advance(Step), Throws.Nothing);
        Assert.That(() => session.Pump(), Throws.TypeOf<IOException>().With.Message.EqualTo("It is gone."));
    }

    /// <summary>Runs a session, with time that passes in steps, and returns its output.</summary>
    private static string RunFor(int seconds, ScriptedMachine machine, FakeTime time)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var view = new LineView(output, machine.Source);
        using var session = new DashboardSession(machine, view, time);
        DateTimeOffset limit = time.GetUtcNow() + TimeSpan.FromSeconds(seconds + 1);
        bool ended = false;
        Totals totals = Totals.None;
        view.ShowDuring(() =>
        {
            session.Start(TimeSpan.FromSeconds(seconds), () => ended = true);
            while (!ended)
            {
                Assert.That(time.GetUtcNow(), Is.LessThan(limit), "The session does not end.");
                time.Advance(Step);
                while (session.Pump() > 0) { }
            }

            totals = session.Finish();
        });
        view.Close(totals);
        return output.ToString();
    }
}
