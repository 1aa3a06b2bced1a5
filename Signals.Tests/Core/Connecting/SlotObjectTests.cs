using NUnit.Framework;

namespace Signals.Tests.Core.Connecting;

/// <summary>Slot objects, and implementations of signals by users' classes, which have a single member that connects such objects.</summary>
public sealed class SlotObjectTests
{
    [Test]
    public void S13_slot_object_is_told_its_handle_each_emission_and_its_end([Values(0, 1, 2)] int others)
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        for (int i = 0; i < others; i++)
        {
            signal.Connect(_ => { });
        }

        var slot = new RecordingSlot(log);
        ConnectionHandle handle = signal.Connect(slot);
        signal.Emit(1);
        handle.Disconnect();
        handle.Disconnect();
        signal.Emit(2);

        Assert.That(log.Take(), Is.EqualTo("connected 1 disconnected"));
        Assert.That(slot.Handle, Is.EqualTo(handle));
    }

    [Test]
    public void S12_slot_object_is_told_that_the_signal_was_disposed()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        signal.Connect(new RecordingSlot(log));
        signal.DisconnectAll();
        signal.Connect(new RecordingSlot(log));
        signal.Dispose();

        Assert.That(log.Take(), Is.EqualTo("connected disconnected connected disposed"));
    }

    [Test]
    public void S2_emission_inside_the_report_of_the_connection_does_not_reach_the_slot()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        signal.Connect(new RecordingSlot(log) { Connected = _ => signal.Emit(1) });
        signal.Emit(2);

        Assert.That(log.Take(), Is.EqualTo("connected 2"));
    }

    [Test]
    public void S5_slot_object_may_end_its_connection_as_it_begins()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        ConnectionHandle handle = signal.Connect(new RecordingSlot(log) { Connected = connection => connection.Disconnect() });
        signal.Emit(1);

        Assert.That(log.Take(), Is.EqualTo("connected disconnected"));
        Assert.That(handle.IsActive, Is.False);
    }

    [Test]
    public void S13_slot_object_that_throws_as_it_begins_is_not_connected()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        var slot = new RecordingSlot(log) { Connected = _ => throw new InvalidOperationException("refused") };

        Assert.That(() => signal.Connect(slot), Throws.InvalidOperationException.With.Message.EqualTo("refused"));
        signal.Emit(1);
        Assert.That(log.Take(), Is.EqualTo("connected"));
        Assert.That(signal.IsEmpty, Is.True);
    }

    [Test]
    public void S9_disconnecting_a_slot_object_that_throws_does_not_throw()
    {
        var handled = new List<string>();
        var signal = new Signal<int>(new SignalOptions { ExceptionHandler = (exception, _) => handled.Add(exception.Message) });
        ConnectionHandle handle = signal.Connect(new RecordingSlot(new CallLog()) { Disconnected = () => throw new InvalidOperationException("broken") });
        handle.Disconnect();

        Assert.That(handled, Is.EqualTo(["broken"]));
    }

    [Test]
    public void S10_slot_object_runs_in_no_lock_as_its_connection_begins_and_ends()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        void Probe() => Worker.RunAll(() => signal.Connect(_ => { }).Disconnect());
        signal.Connect(new RecordingSlot(log) { Connected = _ => Probe(), Disconnected = Probe }).Disconnect();

        Assert.That(log.Take(), Is.EqualTo("connected disconnected"));
    }

    [Test]
    public void S13_slot_object_of_every_arity_is_invoked()
    {
        var log = new CallLog();
        var zero = new Signal();
        var two = new Signal<int, int>();
        var three = new Signal<int, int, int>();
        var four = new Signal<int, int, int, int>();
        zero.Connect(new AnySlot(log));
        two.Connect(new AnySlot(log));
        three.Connect(new AnySlot(log));
        four.Connect(new AnySlot(log));
        zero.Emit();
        two.Emit(1, 2);
        three.Emit(1, 2, 3);
        four.Emit(1, 2, 3, 4);

        Assert.That(log.Take(), Is.EqualTo("- 1,2 1,2,3 1,2,3,4"));
    }

    [Test]
    public void S13_slot_object_of_a_wider_type_is_invoked_through_a_covariant_view()
    {
        var signal = new Signal<string>();
        ISignal<object> view = InterfaceTests.Thermometer.Expose<object>(signal);
        var slot = new ObjectSlot();
        view.Connect(slot);
        signal.Emit("text");

        Assert.That(slot.Values, Is.EqualTo(["text"]));
    }

    [Test]
    public void S13_foreign_signal_gets_every_kind()
    {
        var log = new CallLog();
        using var evaluator = new ConnectionEvaluator();
        var inner = new Signal<int>();
        ISignal<int> signal = new ForeignSignal(inner);
        var target = new Signal<int>();
        var owner = new object();
        target.Connect(value => log.Add($"chained{value}"));
        signal.Connect(value => log.Add($"plain{value}"));
        signal.Connect(() => log.Add("dropping"));
        signal.Connect("state", (state, value) => log.Add($"{state}{value}"));
        signal.Connect(target);
        signal.ConnectReflective(
            (handle, value) =>
            {
                log.Add($"reflective{value}");
                handle.Disconnect();
            }
        );
        signal.ConnectSingleShot(value => log.Add($"once{value}"));
        signal.ConnectWeak(owner, (_, value) => log.Add($"weak{value}"));
        signal.ConnectDeferred(evaluator, value => log.Add($"deferred{value}"));
        signal.ConnectDeferredLatest(evaluator, value => log.Add($"latest{value}"));
        signal.ConnectDeferredReflective(evaluator, (handle, value) => log.Add($"own{handle.IsActive}{value}"));
        signal.ConnectDeferredSingleShot(evaluator, value => log.Add($"later{value}"));
        inner.Emit(1);
        Assert.That(log.Take(), Is.EqualTo("plain10 dropping state10 chained10 reflective10 once10 weak10"));
        evaluator.EvaluateDeferredConnections();
        Assert.That(log.Take(), Is.EqualTo("deferred10 latest10 ownTrue10 later10"));
        inner.Emit(2);
        Assert.That(log.Take(), Is.EqualTo("plain20 dropping state20 chained20 weak20"));
        evaluator.EvaluateDeferredConnections();
        Assert.That(log.Take(), Is.EqualTo("deferred20 latest20 ownTrue20"));
        GC.KeepAlive(owner);
    }

    [Test]
    public void S13_end_of_a_connection_of_a_foreign_signal_dequeues_its_invocations()
    {
        using var evaluator = new ConnectionEvaluator();
        var inner = new Signal<int>();
        ISignal<int> signal = new ForeignSignal(inner);
        ConnectionHandle handle = signal.ConnectDeferred(evaluator, _ => { });
        inner.Emit(1);
        Assert.That(evaluator.PendingCount, Is.EqualTo(1));
        handle.Disconnect();
        Assert.That(evaluator.PendingCount, Is.EqualTo(0));
        signal.ConnectDeferred(evaluator, _ => { });
        evaluator.Dispose();
        Assert.That(inner.IsEmpty, Is.True);
    }

    [Test]
    public void S13_observer_of_a_foreign_signal_is_completed_when_that_reports_its_disposal()
    {
        var inner = new Signal<int>();
        ISignal<int> signal = new ForeignSignal(inner);
        var observer = new RecordingObserver<int>();
        signal.AsObservable().Subscribe(observer);
        inner.Emit(1);
        inner.Dispose();
        Assert.That((observer.Values.Single(), observer.Completions), Is.EqualTo((10, 1)));

        var late = new RecordingObserver<int>();
        signal.AsObservable().Subscribe(late);
        Assert.That(late.Completions, Is.EqualTo(1));
    }

    [Test]
    public void S13_plain_delegate_that_a_signal_passes_on_is_connected_as_a_plain_delegate()
    {
        var inner = new Signal<int>();
        Action<int> slot = _ => { };
        new PassingSignal(inner).Connect(slot);

        Assert.That(new SignalDebugView(inner).Connections.Single().Kind, Is.EqualTo(ConnectionKind.Plain));
        Assert.That(new SignalDebugView(inner).Connections.Single().Slot, Is.SameAs(slot));
    }

    [Test]
    public void S13_slot_object_of_a_kind_with_state_is_connected_once()
    {
        var twice = new DoublingSignal(new Signal<int>(), new Signal<int>());

        Assert.That(() => twice.ConnectReflective((_, _) => { }), Throws.InvalidOperationException.With.Message.Contains("connected before"));
        Assert.That(() => twice.Connect(_ => { }), Throws.Nothing);
    }

    [Test]
    public async Task S13_foreign_signal_that_connects_a_delegate_of_its_own_gets_every_kind()
    {
        var log = new CallLog();
        using var evaluator = new ConnectionEvaluator();
        var inner = new Signal<int>();
        ISignal<int> signal = new DelegatingSignal(inner);
        ConnectionHandle once = signal.ConnectSingleShot(value => log.Add($"once{value}"));
        signal.ConnectReflective((handle, value) => log.Add($"{handle.IsActive}{value}"));
        ConnectionHandle deferred = signal.ConnectDeferred(evaluator, value => log.Add($"deferred{value}"));
        ConnectionHandle awaited = signal.ConnectAsync((value, _) => Note($"async{value}"));
        inner.Emit(1);
        inner.Emit(2);
        evaluator.EvaluateDeferredConnections();
        Assert.That(log.Take(), Is.EqualTo("once1 True1 async1 True2 async2 deferred1 deferred2"));
        Assert.That(once.IsActive, Is.False);
        await deferred.WhenIdleAsync().Within("the deferred slot");
        await awaited.DisconnectAsync().Within("the asynchronous slot");

        ValueTask Note(string text)
        {
            log.Add(text);
            return default;
        }
    }

    private sealed class DelegatingSignal(Signal<int> inner) : ISignal<int>
    {
        public ConnectionHandle Connect(ISlot<int> slot) => inner.Connect(value => slot.Invoke(value));
    }

    private sealed class AnySlot(CallLog log) : ISlot, ISlot<int, int>, ISlot<int, int, int>, ISlot<int, int, int, int>
    {
        public void Invoke() => log.Add("-");

        public void Invoke(int value1, int value2) => log.Add($"{value1},{value2}");

        public void Invoke(int value1, int value2, int value3) => log.Add($"{value1},{value2},{value3}");

        public void Invoke(int value1, int value2, int value3, int value4) => log.Add($"{value1},{value2},{value3},{value4}");

        public void OnConnected(ConnectionHandle connection) { }

        public void OnDisconnected(bool isSignalDisposed) { }
    }

    private sealed class ObjectSlot : ISlot<object>
    {
        internal List<object> Values { get; } = [];

        public void Invoke(object value) => Values.Add(value);

        public void OnConnected(ConnectionHandle connection) { }

        public void OnDisconnected(bool isSignalDisposed) { }
    }

    private sealed class PassingSignal(Signal<int> inner) : ISignal<int>
    {
        public ConnectionHandle Connect(ISlot<int> slot) => inner.Connect(slot);
    }

    private sealed class DoublingSignal(Signal<int> first, Signal<int> second) : ISignal<int>
    {
        public ConnectionHandle Connect(ISlot<int> slot)
        {
            first.Connect(slot);
            return second.Connect(slot);
        }
    }
}
