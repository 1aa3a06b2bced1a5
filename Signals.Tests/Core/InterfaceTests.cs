using Moq;
using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class InterfaceTests
{
    [Test]
    public void S13_class_exposes_the_connect_only_view_and_emits_its_private_signal()
    {
        var log = new CallLog();
        using var thermometer = new Thermometer();
        ConnectionHandle handle = thermometer.Measured.Connect(value => log.Add(value));
        thermometer.Measure(20);
        handle.Disconnect();
        thermometer.Measure(21);

        Assert.That(log.Take(), Is.EqualTo("20"));
    }

    [Test]
    public void S13_view_only_has_one_member_that_connects([Values(0, 1, 2, 3, 4)] int arity)
    {
        Type[] views = [typeof(ISignal), typeof(ISignal<>), typeof(ISignal<,>), typeof(ISignal<,,>), typeof(ISignal<,,,>)];

        Assert.That(views[arity].GetMethods().Select(method => method.Name), Is.EqualTo(["Connect"]));
        Assert.That(views[arity].GetMethods().Select(method => method.ReturnType), Is.All.EqualTo(typeof(ConnectionHandle)));
        Assert.That(views[arity].GetProperties(), Is.Empty);
        Assert.That(views[arity].GetInterfaces(), Is.Empty);
    }

    [Test]
    public void S13_view_is_covariant_and_every_kind_of_slot_gets_the_argument([Values(1, 2)] int count)
    {
        var calls = new List<object?>();
        var signal = new Signal<string>();
        ISignal<object> view = Thermometer.Expose<object>(signal);
        var owner = new object();
        for (int i = 0; i < count; i++)
        {
            view.Connect(value => calls.Add(value));
            view.Connect("s", (_, value) => calls.Add(value));
            view.ConnectReflective((_, value) => calls.Add(value));
            view.ConnectSingleShot(value => calls.Add(value));
            view.ConnectWeak(owner, (_, value) => calls.Add(value));
        }

        signal.Emit("text");
        Assert.That(calls, Has.Count.EqualTo(5 * count));
        Assert.That(calls, Is.All.EqualTo("text"));
        Assert.That(signal.ConnectionCount, Is.EqualTo(4 * count));
        GC.KeepAlive(owner);
    }

    [Test]
    public void S13_single_slot_connected_through_a_covariant_view_is_called()
    {
        object? got = null;
        var signal = new Signal<string>();
        ISignal<object> view = Thermometer.Expose<object>(signal);
        view.Connect(value => got = value);
        signal.Emit("text");

        Assert.That(got, Is.EqualTo("text"));
    }

    [Test]
    public void S13_deferred_slots_connected_through_a_covariant_view_get_the_argument()
    {
        var calls = new List<object?>();
        using var evaluator = new ConnectionEvaluator();
        var signal = new Signal<string>();
        ISignal<object> view = Thermometer.Expose<object>(signal);
        view.ConnectDeferred(evaluator, calls.Add);
        view.ConnectDeferredLatest(evaluator, calls.Add);
        view.ConnectDeferredReflective(evaluator, (_, value) => calls.Add(value));
        view.ConnectDeferredSingleShot(evaluator, calls.Add);
        signal.Emit("text");

        Assert.That(evaluator.EvaluateDeferredConnections(), Is.EqualTo(4));
        Assert.That(calls, Is.EqualTo(Enumerable.Repeat("text", 4)));
    }

    [Test]
    public void S13_views_of_more_arguments_are_covariant_in_each()
    {
        var log = new CallLog();
        var two = new Signal<string, Exception>();
        var three = new Signal<string, string, string>();
        var four = new Signal<string, string, string, List<int>>();
        ((ISignal<object, object>)two).Connect((a, b) => log.Add($"{a}{((Exception)b).Message}"));
        ((ISignal<object, string, IComparable>)three).Connect((a, b, c) => log.Add($"{a}{b}{c}"));
        ((ISignal<object, object, object, IEnumerable<int>>)four).Connect((a, b, c, d) => log.Add($"{a}{b}{c}{d.Count()}"));
        two.Emit("a", new InvalidOperationException("b"));
        three.Emit("a", "b", "c");
        four.Emit("a", "b", "c", [1, 2]);

        Assert.That(log.Take(), Is.EqualTo("ab abc abc2"));
    }

    [Test]
    public void S13_slot_of_a_wider_type_is_accepted()
    {
        var calls = new List<object?>();
        var signal = new Signal<string>();
        Action<object?> wide = calls.Add;
        signal.Connect(wide);
        signal.Connect(wide);
        signal.Emit("text");

        Assert.That(calls, Is.EqualTo((string[])["text", "text"]));
    }

    [Test]
    public void S13_multicast_delegate_is_one_slot_that_runs_all_its_parts([Values(1, 2)] int count)
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        Action<int> both = value => log.Add($"a{value}");
        both += value => log.Add($"b{value}");
        ConnectionHandle[] handles = [.. Enumerable.Range(0, count).Select(_ => signal.Connect(both))];
        signal.Emit(1);
        Assert.That(log.Take(), Is.EqualTo(string.Join(' ', Enumerable.Repeat("a1 b1", count))));
        Assert.That(signal.ConnectionCount, Is.EqualTo(count));

        handles[0].Disconnect();
        signal.Emit(2);
        Assert.That(log.Take(), Is.EqualTo(string.Join(' ', Enumerable.Repeat("a2 b2", count - 1))));
    }

    [Test]
    public void S13_consumer_can_be_tested_with_a_mock_of_the_view()
    {
        ISlot<int>? slot = null;
        var measured = new Mock<ISignal<int>>(MockBehavior.Strict);
        measured
            .Setup(signal => signal.Connect(It.IsAny<ISlot<int>>()))
            .Callback((ISlot<int> connected) => slot = connected)
            .Returns(default(ConnectionHandle));
        var display = new Display(measured.Object);
        Assert.That(slot, Is.Not.Null);
        slot.Invoke(22);

        Assert.That(display.Text, Is.EqualTo("22 degrees"));
        measured.Verify(signal => signal.Connect(It.IsAny<ISlot<int>>()), Times.Once);
    }

    public sealed class Thermometer : IDisposable
    {
        private readonly Signal<int> _measured = new();

        public ISignal<int> Measured => _measured;

        public static ISignal<T> Expose<T>(ISignal<T> signal) => signal;

        public void Measure(int value) => _measured.Emit(value);

        public void Dispose() => _measured.Dispose();
    }

    private sealed class Display
    {
        public Display(ISignal<int> measured) => measured.Connect(value => Text = $"{value} degrees");

        public string Text { get; private set; } = "";
    }
}
