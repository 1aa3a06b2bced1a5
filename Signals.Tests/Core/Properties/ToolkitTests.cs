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

    [Test]
    public void P14_removing_a_handler_removes_its_latest_addition_and_no_other()
    {
        var property = new Property<int>(1);
        int calls = 0;
        void OnChanged(object? sender, PropertyChangedEventArgs args) => calls++;
        void OnChanging(object? sender, PropertyChangingEventArgs args) => calls += 10;
        property.PropertyChanged -= OnChanged;
        property.PropertyChanged += OnChanged;
        property.PropertyChanged += OnChanged;
        property.PropertyChanging += OnChanging;
        property.PropertyChanged -= (_, _) => { };
        property.PropertyChanged -= null;

        property.PropertyChanged -= OnChanged;
        property.Value = 2;
        Assert.That(calls, Is.EqualTo(11));
        property.PropertyChanged -= OnChanged;
        property.PropertyChanged -= OnChanged;
        property.Value = 3;

        Assert.That(calls, Is.EqualTo(21));
    }

    [Test]
    public void P14_adding_no_handler_observes_nothing()
    {
        var property = new Property<int>(1);

        property.PropertyChanged += null;
        property.PropertyChanging += null;
        property.Value = 2;

        Assert.That(property.Extras, Is.Null);
    }

    [Test]
    public void P14_a_view_of_a_property_that_throws_connects_nothing()
    {
        using var evaluator = new ConnectionEvaluator();
        var source = new Property<int>(0);
        Computed<int> quotient = Computed.Of(() => 100 / source.Value);

        Assert.That(() => quotient.NotifyOn(evaluator), Throws.TypeOf<DivideByZeroException>());

        Assert.That((quotient.Extras!.IsObserved, source.Extras!.IsObserved), Is.EqualTo((false, false)));
    }

    [Test]
    public void P14_events_of_an_object_in_a_batch_are_told_at_its_end()
    {
        var person = new Person();
        IReadOnlyProperty<string> name = person.ToProperty(p => p.Name);
        var told = new List<string>();
        name.Connect(told.Add);

        using (Property.Batch())
        {
            person.Set("b", "Name");
            person.Set("c", "Name");
            Assert.That((name.Value, told.Count), Is.EqualTo(("c", 0)));
        }

        Assert.That(told, Is.EqualTo((string[])["c"]));
    }

    [Test]
    public void P14_an_object_forgets_a_property_that_is_no_longer_used_at_its_next_event()
    {
        var person = new Person();
        static void Read(Person person) => Assert.That(person.ToProperty(p => p.Name).Value, Is.EqualTo("a"));
        Read(person);
        Garbage.Collect();
        Assert.That(person.HandlerCount, Is.EqualTo(1));

        person.Set("b", "Other");

        Assert.That(person.HandlerCount, Is.Zero);
    }

    [Test]
    public void P14_the_object_lets_go_of_a_property_that_was_observed()
    {
        var person = new Person();
        static WeakReference Observe(Person person)
        {
            IReadOnlyProperty<string> name = person.ToProperty(p => p.Name);
            name.Connect(_ => { }).Disconnect();
            return new WeakReference(name);
        }

        WeakReference name = Observe(person);
        Garbage.Collect();

        Assert.That(name.IsAlive, Is.False);
        GC.KeepAlive(person);
    }

    [TestCase("p => p.Name", ExpectedResult = "Name")]
    [TestCase("p => p . First + p! . Last", ExpectedResult = "First,Last")]
    [TestCase("p => p?.First ?? p", ExpectedResult = "")]
    [TestCase("p=>p.a_1", ExpectedResult = "a_1")]
    [TestCase("() => Name", ExpectedResult = "")]
    [TestCase("=> p.Name", ExpectedResult = "")]
    [TestCase("@p => @p.@class", ExpectedResult = "@class")]
    [TestCase("p => p", ExpectedResult = "")]
    [TestCase("p => pp.Name", ExpectedResult = "")]
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
