extern alias ipc;
using System.Diagnostics.Metrics;
using NUnit.Framework;

namespace Signals.Tests.Telemetry;

/// <summary>M4: a listener that throws when an instrument is published does not affect the class that creates the instrument.</summary>
public sealed class ListenerFailureTests
{
    [Test]
    public void M4_an_instrument_whose_listener_throws_is_not_used()
    {
        using var meter = new Meter("Signals.Tests");
        using (var listener = new MeterListener { InstrumentPublished = (published, _) => ThrowFor(published, meter) })
        {
            listener.Start();
            Assert.That(ipc::Signals.ListenerFailure.TryCreate(() => meter.CreateHistogram<double>("first")), Is.Null);
        }

        Assert.That(ipc::Signals.ListenerFailure.TryCreate(() => meter.CreateHistogram<double>("second")), Is.Not.Null);
    }

    private static void ThrowFor(Instrument instrument, Meter meter)
    {
        // The instruments of other tests exist already.
        if (instrument.Meter == meter)
        {
            throw new InvalidOperationException("on purpose");
        }
    }
}
