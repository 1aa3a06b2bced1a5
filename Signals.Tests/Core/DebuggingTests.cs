using System.Diagnostics;
using System.Reflection;
using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class DebuggingTests
{
    [Test]
    public void Signal_describes_its_type_and_its_connections()
    {
        var signal = new Signal<int, string>();
        Assert.That(signal.ToString(), Is.EqualTo("Signal<Int32, String> (0 connections)"));
        ConnectionHandle first = signal.Connect(() => { });
        Assert.That(signal.ToString(), Is.EqualTo("Signal<Int32, String> (1 connection)"));
        first.Block(true);
        Assert.That(signal.ToString(), Is.EqualTo("Signal<Int32, String> (1 connection, 1 blocked)"));
        ConnectionHandle second = signal.Connect(() => { });
        Assert.That(signal.ToString(), Is.EqualTo("Signal<Int32, String> (2 connections, 1 blocked)"));
        second.Block(true);
        Assert.That(signal.ToString(), Is.EqualTo("Signal<Int32, String> (2 connections, 2 blocked)"));
        first.Block(false);
        second.Block(false);
        Assert.That(signal.ToString(), Is.EqualTo("Signal<Int32, String> (2 connections)"));
        signal.Dispose();
        Assert.That(signal.ToString(), Is.EqualTo("Signal<Int32, String> (disposed)"));
    }

    [Test]
    public void Disconnecting_a_blocked_connection_corrects_the_description_of_the_signal()
    {
        var crowd = new Crowd(2);
        crowd.Handles[0].Block(true);
        crowd.Handles[0].Disconnect();
        Assert.That(crowd.Signal.ToString(), Is.EqualTo("Signal<String> (1 connection)"));
        crowd.Handles[1].Block(true);
        crowd.Signal.DisconnectAll();
        Assert.That(crowd.Signal.ToString(), Is.EqualTo("Signal<String> (0 connections)"));
    }

    [Test]
    public void Type_names_are_written_as_in_CSharp()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(TypeNames.Of(typeof(Signal)), Is.EqualTo("Signal"));
            Assert.That(TypeNames.Of(typeof(Signal<int[]>)), Is.EqualTo("Signal<Int32[]>"));
            Assert.That(TypeNames.Of(typeof(Signal<int[,,]>)), Is.EqualTo("Signal<Int32[,,]>"));
            Assert.That(TypeNames.Of(typeof(Signal<string[][]>)), Is.EqualTo("Signal<String[][]>"));
            Assert.That(TypeNames.Of(typeof(Signal<List<Dictionary<string, int>>>)), Is.EqualTo("Signal<List<Dictionary<String, Int32>>>"));
            Assert.That(TypeNames.Of(typeof(Signal<int, string, byte, char>)), Is.EqualTo("Signal<Int32, String, Byte, Char>"));
            Assert.That(TypeNames.Of(typeof(Dictionary<int, string>.Enumerator)), Is.EqualTo("Enumerator<Int32, String>"));
        }
    }

    [Test]
    public void Handle_describes_its_connection_and_state([Values(1, 2)] int count)
    {
        var crowd = new Crowd(count);
        ConnectionHandle handle = crowd.Handles[count - 1];
        Assert.That(handle.ToString(), Is.EqualTo($"Connection {count - 1}.1 of Signal<String> (active)"));
        handle.Block(true);
        Assert.That(handle.ToString(), Is.EqualTo($"Connection {count - 1}.1 of Signal<String> (blocked)"));
        handle.Disconnect();
        Assert.That(handle.ToString(), Is.EqualTo($"Connection {count - 1}.1 of Signal<String> (ended)"));
        Assert.That(default(ConnectionHandle).ToString(), Is.EqualTo("Connection (none)"));
    }

    [Test]
    public void Debugger_shows_the_connections_with_their_kinds_and_slots_in_order([Values] bool lone)
    {
        var signal = new Signal<int>();
        var expected = new List<string>();
        var handles = new List<ConnectionHandle>();
        using var evaluator = new ConnectionEvaluator();
        Add("Plain", () => signal.Connect(Slot));
        Add("ArgumentDropping", () => signal.Connect(Dropping));
        Add("WithState", () => signal.Connect("state", WithState));
        Add("Reflective", () => signal.ConnectReflective(Reflective));
        Add("SingleShot", () => signal.ConnectSingleShot(Slot));
        Add("Weak", () => signal.ConnectWeak(signal, Weak));
        Add("Deferred", () => signal.ConnectDeferred(evaluator, Slot));
        Add("DeferredLatest", () => signal.ConnectDeferredLatest(evaluator, Slot));
        Add("DeferredReflective", () => signal.ConnectDeferredReflective(evaluator, Reflective));
        Add("DeferredSingleShot", () => signal.ConnectDeferredSingleShot(evaluator, Slot));

        if (!lone)
        {
            string[] slots = ["Slot", "Dropping", "WithState", "Reflective", "Slot", "Weak", "Slot", "Slot", "Reflective", "Slot"];
            ConnectionDebugView[] views = new SignalDebugView(signal).Connections;
            Assert.That(views.Select(view => view.ToString()), Is.EqualTo(expected.Zip(slots, (kind, slot) => $"{kind}: DebuggingTests.{slot}")));
            Assert.That(views.Select(view => view.Handle), Is.EqualTo(handles));
            Assert.That(views.Select(view => view.Slot.Method.Name), Is.EqualTo(slots));
        }

        void Add(string kind, Func<ConnectionHandle> connect)
        {
            handles.Add(connect());
            expected.Add(kind);
            if (lone)
            {
                ConnectionDebugView view = new SignalDebugView(signal).Connections.Single();
                Assert.That(view.Kind.ToString(), Is.EqualTo(kind));
                Assert.That(view.Handle, Is.EqualTo(handles[^1]));
                Assert.That(view.ToString(), Does.StartWith($"{kind}: DebuggingTests."));
                handles[^1].Disconnect();
            }
        }
    }

    [Test]
    public void Debugger_shows_chained_signals_and_observers()
    {
        var signal = new Signal<int>();
        signal.Connect(new Signal<int>());
        using IDisposable subscription = signal.AsObservable().Subscribe(new Observer());

        Assert.That(
            new SignalDebugView(signal).Connections.Select(view => view.Kind),
            Is.EqualTo((ConnectionKind[])[ConnectionKind.Chained, ConnectionKind.Observer])
        );
        Assert.That(new SignalDebugView(signal).Connections[0].ToString(), Is.EqualTo("Chained: Signal<Int32>.Emit"));
    }

    [Test]
    public void Debugger_shows_which_connections_are_blocked([Values(1, 2)] int count)
    {
        var signal = new Signal<int>();
        ConnectionHandle[] handles = [.. Enumerable.Range(0, count).Select(_ => signal.Connect(Slot))];
        handles[0].Block(true);
        ConnectionDebugView[] views = new SignalDebugView(signal).Connections;

        Assert.That(views.Select(view => view.IsBlocked), Is.EqualTo(Enumerable.Range(0, count).Select(number => number == 0)));
        Assert.That(views[0].ToString(), Is.EqualTo("Plain, blocked: DebuggingTests.Slot"));
    }

    [Test]
    public void Debugger_shows_the_slot_of_a_single_connection_with_any_index()
    {
        var crowd = new Crowd(4);
        crowd.Disconnect(number => number != 2);

        Assert.That(new SignalDebugView(crowd.Signal).Connections.Single().Handle, Is.EqualTo(crowd.Handles[2]));
    }

    [Test]
    public void Debugger_shows_a_signal_without_connections_as_empty()
    {
        var signal = new Signal();
        Assert.That(new SignalDebugView(signal).Connections, Is.Empty);
        signal.Connect(() => { }).Disconnect();
        Assert.That(new SignalDebugView(signal).Connections, Is.Empty);
        signal.Dispose();
        Assert.That(new SignalDebugView(signal).Connections, Is.Empty);
    }

    [Test]
    public void Debugger_shows_a_plain_slot_whose_target_is_a_delegate_as_plain()
    {
        var signal = new Signal<int>();
        Action inner = Dropping;
        signal.Connect((Action)inner.Invoke);
        signal.Connect(inner.Ignoring);

        Assert.That(
            new SignalDebugView(signal).Connections.Select(view => view.Kind),
            Is.EqualTo((ConnectionKind[])[ConnectionKind.ArgumentDropping, ConnectionKind.Plain])
        );
    }

    [TestCase(typeof(SignalBase), "{ToString(),nq}", typeof(SignalDebugView))]
    [TestCase(typeof(ConnectionHandle), "{ToString(),nq}", null)]
    [TestCase(typeof(ConnectionDebugView), "{ToString(),nq}", null)]
    [TestCase(typeof(ScopedConnection), "{Handle}", null)]
    [TestCase(typeof(ConnectionGroup), "Count = {Count}", null)]
    public void Types_have_a_debugger_display(Type type, string display, Type? proxy)
    {
        Assert.That(type.GetCustomAttribute<DebuggerDisplayAttribute>()?.Value, Is.EqualTo(display));
        Assert.That(type.GetCustomAttribute<DebuggerTypeProxyAttribute>()?.ProxyTypeName, Is.EqualTo(proxy?.AssemblyQualifiedName));
    }

    [Test]
    public void Message_of_a_refused_connect_names_the_signal_and_the_slot()
    {
        var signal = new Signal<int>();
        signal.Dispose();
        using var evaluator = new ConnectionEvaluator();
        ObjectDisposedException ofPlain = Assert.Throws<ObjectDisposedException>(() => signal.Connect(Slot));
        ObjectDisposedException ofState = Assert.Throws<ObjectDisposedException>(() => signal.Connect("", WithState));
        ObjectDisposedException ofDropping = Assert.Throws<ObjectDisposedException>(() => signal.Connect(Dropping));
        ObjectDisposedException ofDeferred = Assert.Throws<ObjectDisposedException>(() => signal.ConnectDeferred(evaluator, Slot));

        string Start(string slot) => $"This Signal<Int32> has been disposed: DebuggingTests.{slot} cannot be connected to it.";
        Assert.That(ofPlain.Message, Does.StartWith(Start(nameof(Slot))));
        Assert.That(ofPlain.ObjectName, Is.EqualTo("Signal<Int32>"));
        Assert.That(ofState.Message, Does.StartWith(Start(nameof(WithState))));
        Assert.That(ofDropping.Message, Does.StartWith(Start(nameof(Dropping))));
        Assert.That(ofDeferred.Message, Does.StartWith(Start(nameof(Slot))));
    }

    private static void Slot(int value) => throw new InvalidOperationException($"{value}");

    private static void Dropping() => throw new InvalidOperationException();

    private static void WithState(string state, int value) => throw new InvalidOperationException($"{state}{value}");

    private static void Reflective(ConnectionHandle handle, int value) => throw new InvalidOperationException($"{handle}{value}");

    private static void Weak(Signal<int> target, int value) => throw new InvalidOperationException($"{target}{value}");

    private sealed class Observer : IObserver<int>
    {
        public void OnCompleted() { }

        public void OnError(Exception error) { }

        public void OnNext(int value) { }
    }
}

internal static class ActionExtensions
{
    internal static void Ignoring(this Action action, int value)
    {
        if (value != 0)
        {
            action();
        }
    }
}
