using NUnit.Framework;
using RxDashboard;

namespace Signals.Tests.Product.Samples;

public sealed class DashboardCommandLineTests
{
    [Test]
    public void No_arguments_mean_no_time_limit() => Assert.That(Parse(), Is.EqualTo(new CommandLine()));

    [TestCase("1", 1)]
    [TestCase("86400", 86_400)]
    public void Seconds_set_the_duration(string number, int seconds) =>
        Assert.That(Parse("--seconds", number), Is.EqualTo(new CommandLine(TimeSpan.FromSeconds(seconds))));

    [TestCase("--help")]
    [TestCase("-h")]
    public void Help_can_be_requested(string option) => Assert.That(Parse(option), Is.EqualTo(new CommandLine(Help: true)));

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("1.5")]
    [TestCase("86401")]
    [TestCase("99999999999")]
    [TestCase("")]
    [TestCase("five")]
    public void Invalid_seconds_are_named(string number) =>
        Assert.That(ProblemOf("--seconds", number), Is.EqualTo($"--seconds must be a whole number from 1 to 86400, not \"{number}\"."));

    [Test]
    public void Seconds_need_a_number() => Assert.That(ProblemOf("--seconds"), Is.EqualTo("--seconds needs a number."));

    [TestCase("--second")]
    [TestCase("5")]
    public void Unknown_option_is_named(string option) => Assert.That(ProblemOf(option), Is.EqualTo($"There is no option {option}."));

    private static CommandLine Parse(params string[] arguments)
    {
        Assert.That(CommandLine.TryParse(arguments, out CommandLine? commandLine, out string problem), problem);
        return commandLine!;
    }

    private static string ProblemOf(params string[] arguments)
    {
        Assert.That(CommandLine.TryParse(arguments, out CommandLine? commandLine, out string problem), Is.False);
        Assert.That(commandLine, Is.Null);
        return problem;
    }
}
