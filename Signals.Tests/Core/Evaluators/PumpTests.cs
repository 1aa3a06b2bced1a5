using NUnit.Framework;

namespace Signals.Tests.Core.Evaluators;

[TestFixture]
public sealed class PumpTests
{
    [Test]
    public void E10_a_slow_slot_holds_one_callback_regardless_of_the_number_of_emissions()
    {
        int posted = 0;
        using var evaluator = new ConnectionEvaluator();
        var pump = new Pump(evaluator, null, _ => posted++);
        var signal = new Signal<int>();
        var seen = new List<int>();
        int postedMeanwhile = 0;
        signal.ConnectDeferred(
            evaluator,
            value =>
            {
                seen.Add(value);
                if (value == 0)
                {
                    for (int i = 1; i <= 3; i++)
                    {
                        signal.Emit(i);
                        pump.Request();
                    }

                    postedMeanwhile = posted - 1;
                }
            }
        );
        signal.Emit(0);
        pump.Request();

        pump.Run();
        Assert.That((postedMeanwhile, posted), Is.EqualTo((0, 2)), "another callback for the emission during the evaluation");
        pump.Run();

        Assert.That(seen, Is.EqualTo([0, 1, 2, 3]));
        Assert.That(posted, Is.EqualTo(2));
    }

    [Test]
    public void E10_a_callback_serves_requests_made_before_it_starts()
    {
        int posted = 0;
        using var evaluator = new ConnectionEvaluator();
        var pump = new Pump(evaluator, null, _ => posted++);

        pump.Request();
        pump.Request();
        pump.Run();
        Assert.That(posted, Is.EqualTo(1));

        pump.Request();
        Assert.That(posted, Is.EqualTo(2));
    }
}
