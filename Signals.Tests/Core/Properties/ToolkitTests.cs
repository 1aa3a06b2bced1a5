using System.ComponentModel;
using NUnit.Framework;

namespace Signals.Tests.Core.Properties;

public class ToolkitTests
{
    [Test]
    public void P14_properties_notify_while_somebody_listens()
    {
        var property = new Property<int>(1);
        Computed<int> twice = Computed.Of(() => property.Value * 2);
        var log = new List<string>();
        void OnChanging(object? sender, PropertyChangingEventArgs args) => log.Add($"{args.PropertyName} will change from {property.Value}");
        void OnChanged(object? sender, PropertyChangedEventArgs args) => log.Add($"{args.PropertyName} is {((IReadOnlyProperty<int>)sender!).Value}");
        property.PropertyChanging += OnChanging;
        property.PropertyChanged += OnChanged;
        twice.PropertyChanged += OnChanged;

        property.Value = 2;
        Assert.That(log, Is.EqualTo((string[])["Value will change from 1", "Value is 2", "Value is 4"]));
        property.PropertyChanging -= OnChanging;
        property.PropertyChanged -= OnChanged;
        twice.PropertyChanged -= OnChanged;
        property.Value = 3;

        Assert.That(log, Has.Count.EqualTo(3));
        Assert.That(property.Extras!.IsObserved, Is.False);
    }

    [Test]
    public void P14_a_view_notifies_on_its_evaluator_at_most_once_a_round()
    {
        using var evaluator = new ConnectionEvaluator();
        var property = new Property<int>(1);
        PropertyView<int> view = property.NotifyOn(evaluator);
        var log = new List<string>();
        view.PropertyChanged += (_, args) => log.Add($"{args.PropertyName} {view.Value}");

        property.Value = 2;
        property.Value = 3;
        Assert.That((view.Value, log.Count), Is.EqualTo((1, 0)));
        evaluator.EvaluateDeferredConnections();
        Assert.That(log, Is.EqualTo((string[])["Value 3"]));
        view.Dispose();
        property.Value = 4;
        evaluator.EvaluateDeferredConnections();

        Assert.That(view.Value, Is.EqualTo(3));
    }

    [Test]
    public void P14_a_property_follows_an_object_that_notifies([Values] bool isObserved)
    {
        var person = new Person();
        IReadOnlyProperty<string> name = person.ToProperty(p => p.Name);
        var told = new List<string>();
        if (isObserved)
        {
            name.Connect(told.Add);
        }

        Assert.That(name.Value, Is.EqualTo("a"));
        person.Set("b", "Other");
        Assert.That(name.Value, Is.EqualTo("a"));
        person.Set("c", "Name");
        Assert.That(name.Value, Is.EqualTo("c"));
        person.Set("d", null);
        Assert.That(name.Value, Is.EqualTo("d"));
        Assert.That(told, Is.EqualTo(isObserved ? ((string[])["c", "d"]) : []));
    }

    [Test]
    public void P14_the_object_keeps_an_observed_property_and_no_other()
    {
        var person = new Person();
        var told = new List<string>();
        static WeakReference Make(Person person, List<string>? told)
        {
            IReadOnlyProperty<string> name = person.ToProperty(p => p.Name);
            if (told is not null)
            {
                name.Connect(told.Add);
            }

            return new WeakReference(name);
        }

        WeakReference unobserved = Make(person, null);
        WeakReference observed = Make(person, told);
        Garbage.Collect();

        Assert.That((unobserved.IsAlive, observed.IsAlive), Is.EqualTo((false, true)));
        person.Set("b", "Name");
        Assert.That(told, Is.EqualTo((string[])["b"]));
        Assert.That(person.HandlerCount, Is.EqualTo(1));
    }

    [TestCase("p => p.Name", ExpectedResult = "Name")]
    [TestCase("(p) => p.Name.Length", ExpectedResult = "Name")]
    [TestCase("static (Person p) => p?.First + p!.Last", ExpectedResult = "First,Last")]
    [TestCase("p => Format(p)", ExpectedResult = "")]
    [TestCase("Get", ExpectedResult = "")]
    [TestCase("p => other.p.Name + p.Age", ExpectedResult = "Age")]
    [TestCase(null, ExpectedResult = "")]
    public string P14_the_text_of_the_lambda_names_what_it_reads(string? text) =>
        string.Join(',', MemberNames.ReadBy(text)?.Order() ?? Enumerable.Empty<string>());

    private sealed class Person : INotifyPropertyChanged
    {
        public event PropertyChangedEventHandler? PropertyChanged;

        internal string Name { get; private set; } = "a";

        internal int HandlerCount => PropertyChanged?.GetInvocationList().Length ?? 0;

        internal void Set(string name, string? notified)
        {
            Name = name;
            PropertyChanged?.Invoke(this, new PropertyChangedEventArgs(notified));
        }
    }
}
