using NUnit.Framework;

namespace Signals.Tests.Core.Connecting;

/// <summary>A11: groups of slots.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class GroupTests : IDisposable
{
    private readonly CallLog _log = new();
    private readonly Signal<int> _signal = new();

    public void Dispose()
    {
        _signal.Dispose();
    }

    [Test]
    public void A11_slots_run_by_group_and_then_in_the_order_of_connecting()
    {
        Connect("a0", 0);
        Connect("a5", 5);
        Connect("a-1", -1);
        _signal.Connect(_ => _log.Add("b0"));
        Connect("b5", 5);
        Connect("b-1", -1);
        Connect("a3", 3);
        _signal.Emit(1);
        Assert.That(_log.Take(), Is.EqualTo("a-1 b-1 a0 b0 a3 a5 b5"));
    }

    [Test]
    public void A11_order_is_that_of_a_stable_sort([Values(1, 2, 3)] int seed, [Values(5, 70, 300)] int count)
    {
        var random = new Random(seed);
        var expected = new List<(string Name, int Group, ConnectionHandle Handle)>();
        for (int i = 0; i < count; i++)
        {
            int group = random.Next(-2, 3);
            string name = $"{i}";
            expected.Add((name, group, Connect(name, group)));
            if (random.Next(4) == 0)
            {
                int removed = random.Next(expected.Count);
                expected[removed].Handle.Disconnect();
                expected.RemoveAt(removed);
            }

            if (random.Next(6) == 0 && expected.Count > 0)
            {
                ConnectionHandle handle = expected[random.Next(expected.Count)].Handle;
                handle.Block(true);
                handle.Block(false);
            }
        }

        Assert.That(expected.Select(connection => connection.Handle.IsActive), Is.All.True);
        _signal.Emit(1);
        Assert.That(_log.Take(), Is.EqualTo(string.Join(' ', expected.OrderBy(connection => connection.Group).Select(connection => connection.Name))));
        Assert.That(_signal.ConnectionCount, Is.EqualTo(expected.Count));
        expected.ForEach(connection => connection.Handle.Disconnect());
        Assert.That(_signal.IsEmpty, Is.True);
    }

    [Test]
    public void A11_S2_slot_connected_between_others_during_an_emission_waits_for_the_next_one([Values] bool throws)
    {
        bool connected = false;
        Connect("first", -1);
        _signal.Connect(_ =>
        {
            if (!connected)
            {
                connected = true;
                Connect("new", 1);
                Connect("before", -1);
            }

            if (throws)
            {
                throw new InvalidOperationException();
            }
        });
        Connect("middle", 0);
        ConnectionHandle removed = default;
        Connect("remover", 1).AddTo(new ConnectionGroup());
        _signal.Connect(_ => removed.Disconnect(), new ConnectOptions { Group = 2 });
        removed = Connect("removed", 2);
        Connect("last", 2);
        Emit();
        Assert.That(_log.Take(), Is.EqualTo("first middle remover last"));
        Emit();
        Assert.That(_log.Take(), Is.EqualTo("first before middle remover new last"));
    }

    [Test]
    public async Task A11_S2_asynchronous_emission_skips_slots_that_were_connected_between_others()
    {
        var probe = new AsyncSlotProbe();
        _signal.ConnectAsync(probe.Start);
        Connect("last", 2);
        Task emitted = _signal.EmitAsync(1).AsTask();
        Connect("new", 1);
        probe[0].End();
        await emitted.Within("the emission");
        Assert.That(_log.Take(), Is.EqualTo("last"));
    }

    [Test]
    public void A11_group_of_every_arity_and_of_a_signal_that_passes_the_slot_on()
    {
        var zero = new Signal();
        var two = new Signal<int, int>();
        var three = new Signal<int, int, int>();
        var four = new Signal<int, int, int, int>();
        var early = new ConnectOptions { Group = -1 };
        zero.Connect(() => _log.Add("b0"));
        zero.Connect(() => _log.Add("a0"), early);
        two.Connect((_, _) => _log.Add("b2"));
        two.Connect((_, _) => _log.Add("a2"), early);
        three.Connect((_, _, _) => _log.Add("b3"));
        three.Connect((_, _, _) => _log.Add("a3"), early);
        four.Connect((_, _, _, _) => _log.Add("b4"));
        four.Connect((_, _, _, _) => _log.Add("a4"), early);
        zero.Emit();
        two.Emit(1, 2);
        three.Emit(1, 2, 3);
        four.Emit(1, 2, 3, 4);
        Assert.That(_log.Take(), Is.EqualTo("a0 b0 a2 b2 a3 b3 a4 b4"));
    }

    private void Emit()
    {
        try
        {
            _signal.Emit(1);
        }
        catch (InvalidOperationException)
        {
            // The slot of the test.
        }
    }

    private ConnectionHandle Connect(string name, int group) => _signal.Connect(_ => _log.Add(name), new ConnectOptions { Group = group });
}
