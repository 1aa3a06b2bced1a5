using NUnit.Framework;

namespace Signals.Tests.Core.Models;

/// <summary>Bugs that random programs have found, as shrunk examples.</summary>
[TestFixture]
public sealed class FoundByModelsTests
{
    [Test]
    public void E2_slot_that_throws_counts_as_run()
    {
        var handled = new List<Exception>();
        using var evaluator = new ConnectionEvaluator();
        using var signal = new Signal<int>(new SignalOptions { ExceptionHandler = (exception, _) => handled.Add(exception) });
        signal.ConnectDeferred(evaluator, _ => throw new ScriptException("thrown"));
        signal.Emit(1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(1));
            Assert.That(handled, Has.Count.EqualTo(1));
        }
    }
}
