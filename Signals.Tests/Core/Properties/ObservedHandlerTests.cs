using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

/// <summary>A property reports to its owner whether something observes it.</summary>
public sealed class ObservedHandlerTests
{
    [Test]
    public async Task X2_property_reports_observers_of_every_kind([Values("slot", "current", "effect", "computed", "event")] string how)
    {
        var reports = new List<bool>();
        using var property = new Property<int>(1, Report);
        Computed<int> doubled = Computed.Of(() => 2 * property.Value);
        Assert.That((property.Value, property.Peek(), doubled.Value), Is.EqualTo((1, 1, 2)), "Reading is not observing.");
        for (int round = 1; round <= 3; round++)
        {
            IDisposable observer = how switch
            {
                "slot" => property.Connect(_ => { }),
                "current" => property.ConnectWithCurrent(_ => { }),
                "effect" => Effect.Run(() => _ = property.Value),
                "computed" => doubled.Connect(_ => { }),
                _ => property.AsObservable().Subscribe(new RecordingObserver<int>()),
            };
            await CountAsync((2 * round) - 1);
            observer.Dispose();
            await CountAsync(2 * round);
        }

        Assert.That(reports, Is.EqualTo((bool[])[true, false, true, false, true, false]));

        void Report(bool isObserved)
        {
            lock (reports)
            {
                reports.Add(isObserved);
            }
        }

        Task CountAsync(int count) =>
            Bounded.UntilAsync(
                () =>
                {
                    lock (reports)
                    {
                        return reports.Count >= count;
                    }
                },
                $"{count} reports"
            );
    }

    [Test]
    public async Task X2_second_observer_is_not_reported_and_the_last_report_is_true_to_the_observers()
    {
        int last = -1;
        int running = 0;
        using var property = new Property<int>(
            1,
            isObserved =>
            {
                Assert.That(Interlocked.Increment(ref running), Is.EqualTo(1), "Reports do not overlap.");
                Volatile.Write(ref last, isObserved ? 1 : 0);
                Interlocked.Decrement(ref running);
            }
        );
        for (int round = 0; round < 100; round++)
        {
            ConnectionHandle first = property.Connect(_ => { });
            ConnectionHandle second = property.Connect(_ => { });
            first.Disconnect();
            await Bounded.UntilAsync(() => Volatile.Read(ref last) == 1, "the report");
            Assert.That(second.IsActive, Is.True);
            second.Disconnect();
            await Bounded.UntilAsync(() => Volatile.Read(ref last) == 0, "the report");
        }
    }

    [Test]
    public void P1_null_as_the_second_argument_is_the_default_comparer() => Assert.That(new Property<int>(1, null).Value, Is.EqualTo(1));

    [Test]
    public void X2_handler_is_not_null() => Assert.That(() => new Property<int>(1, observedHandler: null!), Throws.ArgumentNullException);
}
