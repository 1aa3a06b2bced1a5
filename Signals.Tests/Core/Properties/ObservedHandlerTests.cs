using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

/// <summary>The handler of a property that is told whether the property is observed.</summary>
public sealed class ObservedHandlerTests
{
    private readonly List<bool> _reports = [];

    private Property<int> Create() =>
        Property.CreateObserved(
            1,
            isObserved =>
            {
                lock (_reports)
                {
                    _reports.Add(isObserved);
                }
            }
        );

    private void Expect(params bool[] reports)
    {
        Bounded.Until(
            () =>
            {
                lock (_reports)
                {
                    return _reports.Count >= reports.Length;
                }
            },
            "the report"
        );
        Assert.That(_reports, Is.EqualTo(reports));
    }

    [SetUp]
    public void SetUp() => _reports.Clear();

    [Test]
    public void P6_a_connection_makes_a_property_observed_until_the_last_one_ends()
    {
        Property<int> property = Create();
        ConnectionHandle first = property.Connect(static _ => { });
        Expect(true);
        ConnectionHandle second = property.Connect(static _ => { });
        first.Disconnect();
        second.Disconnect();
        Expect(true, false);
        property.ConnectWithCurrent(static _ => { });
        Expect(true, false, true);
    }

    [Test]
    public void P6_an_observed_computed_property_makes_what_it_reads_observed()
    {
        Property<int> property = Create();
        Computed<int> twice = Computed.Of(() => property.Value * 2);
        Assert.That(twice.Value, Is.EqualTo(2));
        Effect effect = Effect.Run(() => _ = twice.Value);
        Expect(true);
        effect.Dispose();
        Expect(true, false);
    }

    [Test]
    public void P6_the_last_report_corresponds_to_the_observers()
    {
        for (int round = 0; round < 200; round++)
        {
            SetUp();
            Property<int> property = Create();
            Action churn = () =>
            {
                for (int i = 0; i < 20; i++)
                {
                    property.Connect(static _ => { }).Disconnect();
                }
            };
            Worker.RunAll(churn, churn);
            ConnectionHandle handle = property.Connect(static _ => { });
            Bounded.Until(() => Last() == true, "the report that it is observed");
            handle.Disconnect();
            Bounded.Until(() => Last() == false, "the report that it is not");
            lock (_reports)
            {
                Assert.That(_reports.Select((report, index) => report == (index % 2 == 0)), Is.All.True, "They alternate.");
            }
        }

        bool? Last()
        {
            lock (_reports)
            {
                return _reports.Count == 0 ? null : _reports[^1];
            }
        }
    }

    [Test]
    public void Null_is_refused() =>
        Assert.That(() => Property.CreateObserved(1, null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("observedHandler"));

    [Test]
    public void A_signal_tells_whether_it_has_connection_handlers()
    {
        using var plain = new Signal<int>();
        using var options = new Signal<int>(new SignalOptions { ExceptionPolicy = SlotExceptionPolicy.StopAtFirst });
        using var first = new Signal<int>(new SignalOptions { FirstConnectedHandler = static () => { } });
        using var last = new Signal(new SignalOptions { LastDisconnectedHandler = static () => { } });
        Assert.Multiple(() =>
        {
            Assert.That(plain.HasConnectionHandlers, Is.False);
            Assert.That(options.HasConnectionHandlers, Is.False);
            Assert.That(first.HasConnectionHandlers);
            Assert.That(last.HasConnectionHandlers);
        });
    }
}
