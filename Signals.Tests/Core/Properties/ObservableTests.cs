using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class ObservableTests
{
    [Test]
    public void P15_an_observable_gives_the_current_value_the_changes_and_the_end_whatever_the_static_type()
    {
        var property = new Property<string>("a");
        var observers = new List<RecordingObserver<object>>();
        var own = new RecordingObserver<string>();
        using IDisposable first = property.AsObservable().Subscribe(own);
        IReadOnlyProperty<object> general = property;
        foreach (IObservable<object> observable in (IObservable<object>[])[((ISignal<object>)property).AsObservable(), general.AsObservable()])
        {
            var observer = new RecordingObserver<object>();
            observers.Add(observer);
            observable.Subscribe(observer);
        }

        property.Value = "b";
        first.Dispose();
        property.Value = "c";
        property.Dispose();

        Assert.That(own.Values, Is.EqualTo((string[])["a", "b"]));
        Assert.That(own.Completions, Is.Zero);
        foreach (RecordingObserver<object> observer in observers)
        {
            Assert.That(observer.Values, Is.EqualTo((string[])["a", "b", "c"]));
            Assert.That(observer.Completions, Is.EqualTo(1));
        }
    }

    [Test]
    public void P15_an_observable_of_a_disposed_property_gives_its_value_and_completes()
    {
        Computed<int> computed = Computed.Of(() => 3);
        Assert.That(computed.Value, Is.EqualTo(3));
        computed.Dispose();
        var observer = new RecordingObserver<int>();
        computed.AsObservable().Subscribe(observer);

        Assert.That(observer.Values, Is.EqualTo((int[])[3]));
        Assert.That(observer.Completions, Is.EqualTo(1));
    }

    [Test]
    public void P15_an_observable_of_one_that_throws_gives_the_error()
    {
        Computed<int> computed = Computed.Of<int>(() => throw new FormatException());
        var observer = new RecordingObserver<int>();
        computed.AsObservable().Subscribe(observer);

        Assert.That(observer.Errors.Single(), Is.TypeOf<FormatException>());
    }
}
