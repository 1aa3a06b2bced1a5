using System.Runtime.InteropServices;
using NUnit.Framework;

namespace Signals.Tests.Core;

/// <summary>All kinds of connections of every arity, with arguments that are references, values and large structs.</summary>
public sealed class ArityTests
{
    private static readonly Large Big = new(1, 2, 3, 4, 5, 6);

    private static readonly Dictionary<string, Func<IArity>> Arities = new()
    {
        ["no argument"] = () => new Arity0(),
        ["int"] = () => new Arity1<int>(7),
        ["string"] = () => new Arity1<string>("seven"),
        ["null"] = () => new Arity1<string?>(null),
        ["large struct"] = () => new Arity1<Large>(Big),
        ["int, string"] = () => new Arity2<int, string>(1, "two"),
        ["large struct, byte"] = () => new Arity2<Large, byte>(Big, 2),
        ["int, string, double"] = () => new Arity3<int, string, double>(1, "two", 3.5),
        ["large struct, object, large struct"] = () => new Arity3<Large, object, Large>(Big, "two", Big with { A = 9 }),
        ["int, string, double, char"] = () => new Arity4<int, string, double, char>(1, "two", 3.5, '4'),
        ["string, large struct, string, large struct"] = () => new Arity4<string, Large, string, Large>("a", Big, "b", Big with { F = 9 }),
    };

    private static IEnumerable<string> Names => Arities.Keys;

    [Test]
    public void Plain_slot_gets_the_arguments([ValueSource(nameof(Names))] string name, [Values(1, 3)] int count)
    {
        using IArity arity = Arities[name]();
        var calls = new List<object?[]>();
        ConnectionHandle[] handles = [.. Enumerable.Range(0, count).Select(_ => arity.Connect(calls.Add))];
        arity.Emit();

        Assert.That(calls, Has.Count.EqualTo(count));
        Assert.That(calls, Is.All.EqualTo(arity.Arguments));
        Assert.That(handles.All(handle => handle.BelongsTo(arity.Signal)), Is.True);
        Array.ForEach(handles, handle => handle.Disconnect());
        arity.Emit();
        Assert.That(calls, Has.Count.EqualTo(count));
    }

    [Test]
    public void Argument_dropping_slot_is_called([ValueSource(nameof(Names))] string name, [Values(1, 3)] int count)
    {
        using IArity arity = Arities[name]();
        int calls = 0;
        for (int i = 0; i < count; i++)
        {
            arity.ConnectDropping(() => calls++);
        }

        arity.Emit();
        Assert.That(calls, Is.EqualTo(count));
    }

    [Test]
    public void Slot_with_state_gets_its_state_and_the_arguments([ValueSource(nameof(Names))] string name, [Values(1, 3)] int count)
    {
        using IArity arity = Arities[name]();
        var states = new List<object?>();
        var calls = new List<object?[]>();
        for (int i = 0; i < count; i++)
        {
            arity.ConnectWithState(
                i,
                (state, arguments) =>
                {
                    states.Add(state);
                    calls.Add(arguments);
                }
            );
        }

        arity.ConnectWithState<string?>(null, (state, _) => states.Add(state));
        arity.ConnectWithState(Big, (state, _) => states.Add(state));
        arity.Emit();

        Assert.That(states, Is.EqualTo((object?[])[.. Enumerable.Range(0, count), null, Big]));
        Assert.That(calls, Is.All.EqualTo(arity.Arguments));
        Assert.That(calls, Has.Count.EqualTo(count));
    }

    [Test]
    public void Reflective_slot_gets_its_own_handle_and_the_arguments([ValueSource(nameof(Names))] string name, [Values(1, 3)] int count)
    {
        using IArity arity = Arities[name]();
        var calls = new List<object?[]>();
        var own = new List<ConnectionHandle>();
        ConnectionHandle[] handles = [.. Enumerable.Range(0, count).Select(_ => arity.ConnectReflective(Slot))];
        arity.Emit();

        Assert.That(own, Is.EqualTo(handles));
        Assert.That(calls, Is.All.EqualTo(arity.Arguments));
        Assert.That(handles.Any(handle => handle.IsActive), Is.False, "each disconnected itself");
        arity.Emit();
        Assert.That(calls, Has.Count.EqualTo(count));

        void Slot(ConnectionHandle handle, object?[] arguments)
        {
            own.Add(handle);
            calls.Add(arguments);
            handle.Disconnect();
        }
    }

    [Test]
    public void Single_shot_runs_once_and_has_ended_when_its_slot_runs([ValueSource(nameof(Names))] string name, [Values(0, 2)] int others)
    {
        using IArity arity = Arities[name]();
        for (int i = 0; i < others; i++)
        {
            arity.ConnectDropping(() => { });
        }

        var calls = new List<object?[]>();
        bool? active = null;
        ConnectionHandle handle = default;
        handle = arity.ConnectSingleShot(arguments =>
        {
            calls.Add(arguments);
            active = handle.IsActive;
            arity.Emit();
        });
        Assert.That(handle.IsActive, Is.True);
        arity.Emit();
        arity.Emit();

        Assert.That(calls, Is.EqualTo((object?[][])[arity.Arguments]));
        Assert.That(active, Is.False);
        Assert.That(arity.Signal.ConnectionCount, Is.EqualTo(others));
    }

    [Test]
    public void Single_shot_that_was_disconnected_does_not_run([ValueSource(nameof(Names))] string name)
    {
        using IArity arity = Arities[name]();
        int calls = 0;
        arity.ConnectSingleShot(_ => calls++).Disconnect();
        arity.Emit();

        Assert.That(calls, Is.Zero);
    }

    [Test]
    public void Weak_slot_gets_its_target_and_the_arguments_while_the_target_is_alive([ValueSource(nameof(Names))] string name, [Values(1, 3)] int count)
    {
        using IArity arity = Arities[name]();
        var target = new List<object?[]>();
        ConnectionHandle[] handles = [.. Enumerable.Range(0, count).Select(_ => arity.ConnectWeak(target, static (t, arguments) => t.Add(arguments)))];
        arity.Emit();

        Assert.That(target, Has.Count.EqualTo(count));
        Assert.That(target, Is.All.EqualTo(arity.Arguments));
        Assert.That(handles.All(handle => handle.IsActive), Is.True);
    }

    [Test]
    public void Chained_signal_is_emitted_with_the_arguments([ValueSource(nameof(Names))] string name, [Values(1, 3)] int count)
    {
        using IArity arity = Arities[name]();
        using IArity target = arity.Another();
        using IArity end = arity.Another();
        var calls = new List<object?[]>();
        ConnectionHandle[] handles = [.. Enumerable.Range(0, count).Select(_ => arity.Chain(target))];
        target.Chain(end);
        end.Connect(calls.Add);
        arity.Emit();

        Assert.That(calls, Has.Count.EqualTo(count));
        Assert.That(calls, Is.All.EqualTo(arity.Arguments));
        Assert.That(handles.All(handle => handle.BelongsTo(arity.Signal)), Is.True, "the connection belongs to the emitting signal");
        handles[0].Disconnect();
        arity.Emit();
        Assert.That(calls, Has.Count.EqualTo((2 * count) - 1));
        target.Signal.Dispose();
        Assert.That(arity.Emit, Throws.Nothing, "a disposed target does nothing");
        Assert.That(calls, Has.Count.EqualTo((2 * count) - 1));
    }

    [Test]
    public void Signal_cannot_be_chained_to_itself([ValueSource(nameof(Names))] string name)
    {
        using IArity arity = Arities[name]();

        Assert.That(
            () => arity.Chain(arity),
            Throws.ArgumentException.With.Message.EqualTo(
                $"A {TypeNames.Of(arity.Signal.GetType())} cannot be connected to itself: its emission would never end. (Parameter 'target')"
            )
        );
        Assert.That(arity.Signal.IsEmpty, Is.True);
    }

    [Test]
    public void Null_is_refused_by_the_name_of_its_parameter_and_nothing_is_connected([ValueSource(nameof(Names))] string name)
    {
        using IArity arity = Arities[name]();
        foreach ((string parameter, Action connect) in arity.Nulls())
        {
            Assert.That(() => connect(), Throws.ArgumentNullException.With.Property(nameof(ArgumentException.ParamName)).EqualTo(parameter));
        }

        Assert.That(arity.Signal.ConnectionCount, Is.Zero);
    }

    [Test]
    public void S12_every_connect_to_a_disposed_signal_throws([ValueSource(nameof(Names))] string name, [Values] bool used)
    {
        using IArity arity = Arities[name]();
        if (used)
        {
            arity.ConnectDropping(() => { });
        }

        arity.Signal.Dispose();
        string type = TypeNames.Of(arity.Signal.GetType());
        foreach (Func<ConnectionHandle> connect in arity.Connects())
        {
            Assert.That(
                () => connect(),
                Throws
                    .TypeOf<ObjectDisposedException>()
                    .With.Property(nameof(ObjectDisposedException.ObjectName))
                    .EqualTo(type)
                    .And.Message.StartsWith($"This {type} has been disposed: ")
                    .And.Message.Contains(" cannot be connected to it.")
            );
        }

        Assert.That(arity.Signal.ConnectionCount, Is.Zero);
        Assert.That(arity.Emit, Throws.Nothing);
    }

    [Test]
    public void Every_way_to_connect_makes_one_active_connection([ValueSource(nameof(Names))] string name)
    {
        using IArity arity = Arities[name]();
        var handles = new List<ConnectionHandle>();
        foreach (Func<ConnectionHandle> connect in arity.Connects())
        {
            handles.Add(connect());
            Assert.That(handles[^1].BelongsTo(arity.Signal), Is.True);
            Assert.That(arity.Signal.ConnectionCount, Is.EqualTo(handles.Count));
        }

        Assert.That(handles.Distinct().Count(), Is.EqualTo(handles.Count));
        handles.ForEach(handle => handle.Disconnect());
        Assert.That(arity.Signal.IsEmpty, Is.True);
    }

    [Test]
    public void S14_weak_slot_that_is_a_method_of_its_target_is_refused([ValueSource(nameof(Names))] string name)
    {
        using IArity arity = Arities[name]();

        Assert.That(
            arity.ConnectWeakToOwnMethod,
            Throws
                .ArgumentException.With.Property(nameof(ArgumentException.ParamName))
                .EqualTo("slot")
                .And.Message.Contains(
                    ".OwnMethod references its own target and would keep it alive. Use a static lambda that calls the target that is passed to it."
                )
        );
        Assert.That(arity.Signal.IsEmpty, Is.True);
    }

    [Test]
    public void Every_arity_accepts_options_and_refuses_null()
    {
        var options = new SignalOptions { ExceptionPolicy = SlotExceptionPolicy.StopAtFirst };
        int calls = 0;
        Action fails = () =>
        {
            calls++;
            throw new InvalidOperationException();
        };
        var zero = new Signal(options);
        var one = new Signal<int>(options);
        var two = new Signal<int, int>(options);
        var three = new Signal<int, int, int>(options);
        var four = new Signal<int, int, int, int>(options);
        Action<Action>[] connects =
        [
            slot => zero.Connect(slot),
            slot => one.Connect(slot),
            slot => two.Connect(slot),
            slot => three.Connect(slot),
            slot => four.Connect(slot),
        ];
        foreach (Action<Action> connect in connects)
        {
            connect(fails);
            connect(fails);
        }

        Assert.That(zero.Emit, Throws.InvalidOperationException);
        Assert.That(() => one.Emit(1), Throws.InvalidOperationException);
        Assert.That(() => two.Emit(1, 2), Throws.InvalidOperationException);
        Assert.That(() => three.Emit(1, 2, 3), Throws.InvalidOperationException);
        Assert.That(() => four.Emit(1, 2, 3, 4), Throws.InvalidOperationException);
        Assert.That(calls, Is.EqualTo(5));

        AssertNullOptions(() => new Signal(null!));
        AssertNullOptions(() => new Signal<int>(null!));
        AssertNullOptions(() => new Signal<int, int>(null!));
        AssertNullOptions(() => new Signal<int, int, int>(null!));
        AssertNullOptions(() => new Signal<int, int, int, int>(null!));
    }

    private static void AssertNullOptions(Func<SignalBase> make) =>
        Assert.That(() => make(), Throws.ArgumentNullException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("options"));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Large(long A, long B, long C, long D, long E, long F);
}
