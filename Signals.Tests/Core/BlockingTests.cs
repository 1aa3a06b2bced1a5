using NUnit.Framework;

namespace Signals.Tests.Core;

public sealed class BlockingTests
{
    [Test]
    public void S8_blocked_connection_is_skipped_until_it_is_unblocked([Values(1, 2, 5, 70)] int count, [Values(0, 1)] int end)
    {
        var crowd = new Crowd(count);
        int blocked = end * (count - 1);
        IEnumerable<int> all = Enumerable.Range(0, count);

        crowd.Handles[blocked].Block(true);
        Assert.That(crowd.Emit(), Is.EqualTo(all.Except([blocked])));
        Assert.That(crowd.Emit(), Is.EqualTo(all.Except([blocked])), "it stays blocked");
        crowd.Handles[blocked].Block(false);
        Assert.That(crowd.Emit(), Is.EqualTo(all));
    }

    [Test]
    public void S8_blocking_returns_the_state_it_replaced([Values(1, 2)] int count, [Values] bool bySignal)
    {
        var crowd = new Crowd(count);
        ConnectionHandle handle = crowd.Handles[0];
        bool Block(bool blocked) => bySignal ? crowd.Signal.BlockConnection(handle, blocked) : handle.Block(blocked);

        Assert.That(Block(false), Is.False);
        Assert.That(Block(true), Is.False);
        Assert.That(Block(true), Is.True);
        Assert.That(Block(false), Is.True);
        Assert.That(Block(false), Is.False);
        Assert.That(crowd.Emit(), Has.Length.EqualTo(count), "after blocking twice, unblocking once is enough");
    }

    [Test]
    public void S8_IsBlocked_indicates_whether_the_connection_is_blocked([Values(1, 2)] int count)
    {
        var crowd = new Crowd(count);
        ConnectionHandle handle = crowd.Handles[0];
        ConnectionHandle copy = handle;
        Assert.That((handle.IsBlocked, crowd.Signal.IsConnectionBlocked(handle)), Is.EqualTo((false, false)));

        handle.Block(true);
        Assert.That((handle.IsBlocked, crowd.Signal.IsConnectionBlocked(handle)), Is.EqualTo((true, true)));
        Assert.That(copy.IsBlocked, Is.True);
        Assert.That(handle.IsActive, Is.True, "a blocked connection is active");
        Assert.That(crowd.Handles.Count(other => other.IsBlocked), Is.EqualTo(1), "only this one is blocked");

        handle.Block(false);
        Assert.That((handle.IsBlocked, crowd.Signal.IsConnectionBlocked(handle)), Is.EqualTo((false, false)));
    }

    [Test]
    public void S8_blocked_connections_still_count()
    {
        var crowd = new Crowd(1);
        crowd.Handles[0].Block(true);

        Assert.That(crowd.Signal.ConnectionCount, Is.EqualTo(1));
        Assert.That(crowd.Signal.IsEmpty, Is.False);
    }

    [Test]
    public void S8_blocking_an_inactive_connection_throws([Values] bool blocked, [Values(1, 3)] int count, [Values] bool bySignal)
    {
        var crowd = new Crowd(count);
        ConnectionHandle handle = crowd.Handles[0];
        handle.Disconnect();

        Assert.That(
            () => bySignal ? crowd.Signal.BlockConnection(handle, blocked) : handle.Block(blocked),
            Throws.InvalidOperationException.With.Message.EqualTo(
                $"Connection 0.1 of Signal<String> (ended) cannot be {(blocked ? "blocked" : "unblocked")} because it is not active. "
                    + "Check IsActive before the call."
            )
        );
    }

    [Test]
    public void S8_blocking_the_default_handle_throws() =>
        Assert.That(
            () => default(ConnectionHandle).Block(true),
            Throws.InvalidOperationException.With.Message.StartsWith("Connection (none) cannot be blocked because it is not active.")
        );

    [Test]
    public void S8_IsBlocked_of_an_inactive_connection_is_false([Values(1, 3)] int count)
    {
        var crowd = new Crowd(count);
        ConnectionHandle handle = crowd.Handles[0];
        handle.Block(true);
        handle.Disconnect();

        Assert.That(handle.IsBlocked, Is.False);
        Assert.That(crowd.Signal.IsConnectionBlocked(handle), Is.False);
        Assert.That(default(ConnectionHandle).IsBlocked, Is.False);
    }

    [Test]
    public void S8_blocked_connection_can_be_disconnected_and_its_index_reused_unblocked([Values(1, 2, 70)] int count)
    {
        var crowd = new Crowd(count);
        crowd.Handles[0].Block(true);
        crowd.Handles[0].Disconnect();
        crowd.Connect(1);

        Assert.That(crowd.Handles[0].IsActive, Is.False);
        Assert.That(crowd.Handles[count].IsBlocked, Is.False);
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(1, count)));
        Assert.That(crowd.Handles[count].Block(true), Is.False);
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(1, count - 1)));
    }

    [Test]
    public void S8_blocked_connections_end_with_DisconnectAll_and_leave_no_trace([Values(1, 2, 70)] int count)
    {
        var crowd = new Crowd(count);
        crowd.Handles.ForEach(handle => handle.Block(true));
        Assert.That(crowd.Emit(), Is.Empty);
        crowd.Signal.DisconnectAll();
        crowd.Connect(count);

        Assert.That(crowd.Handles.Any(handle => handle.IsBlocked), Is.False);
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(count, count)));
        crowd.Handles[^1].Block(true);
        Assert.That(crowd.Emit(), Is.EqualTo(Enumerable.Range(count, count - 1)));
    }

    [Test]
    public void S8_every_kind_can_be_blocked()
    {
        var log = new CallLog();
        var signal = new Signal<int>();
        var target = new Signal<int>();
        target.Connect(_ => log.Add("chained"));
        var owner = new object();
        ConnectionHandle[] handles =
        [
            signal.Connect(_ => log.Add("plain")),
            signal.Connect(() => log.Add("dropping")),
            signal.Connect(target),
            signal.Connect("state", (state, _) => log.Add(state)),
            signal.ConnectReflective((_, _) => log.Add("reflective")),
            signal.ConnectWeak(owner, (_, _) => log.Add("weak")),
            signal.ConnectSingleShot(_ => log.Add("once")),
        ];
        Array.ForEach(handles, handle => handle.Block(true));
        signal.Emit(1);
        Assert.That(log.Take(), Is.Empty);
        Assert.That(handles.All(handle => handle.IsActive), Is.True, "a blocked single-shot connection remains");

        Array.ForEach(handles, handle => handle.Block(false));
        signal.Emit(2);
        Assert.That(log.Take(), Is.EqualTo("plain dropping chained state reflective weak once"));
        GC.KeepAlive(owner);
    }

    [Test]
    public void S8_slot_may_block_and_unblock_itself_and_others_in_nested_emissions()
    {
        var crowd = new Crowd(3);
        crowd.Inside[0] = () =>
        {
            crowd.Handles[0].Block(true);
            crowd.Handles[2].Block(true);
            crowd.Inside[1] = () => crowd.Handles[2].Block(false);
            crowd.Signal.Emit("");
        };

        Assert.That(crowd.Emit(), Is.EqualTo([0, 1, 2, 1, 2]));
        Assert.That(crowd.Emit(), Is.EqualTo([1, 2]));
    }
}
