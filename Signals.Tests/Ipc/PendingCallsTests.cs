using NUnit.Framework;
using Signals.Ipc.Client;

namespace Signals.Tests.Ipc;

/// <summary>Tests of the table of a client's calls. Calls are added by one thread, as inside the sender's lock.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PendingCallsTests
{
    private readonly PendingCalls _calls = new();

    [Test]
    public void C9_a_call_is_found_by_its_request_id_until_it_is_removed_once()
    {
        var call = new PendingCallStub();
        Assert.That(_calls.TryAdd(call, 7));
        Assert.That((_calls.TryFind(7, out IPendingCall? found), _calls.Count), Is.EqualTo((true, 1)));
        Assert.That(found, Is.SameAs(call));
        Assert.That((_calls.TryRemove(call), _calls.TryRemove(call), _calls.Count), Is.EqualTo((true, false, 0)));
        Assert.That(_calls.TryFind(7, out _), Is.False);
    }

    [TestCase(0UL)]
    [TestCase(7UL + 16)]
    [TestCase(7UL + (1UL << 32))]
    [TestCase(7UL | (1UL << 63))]
    [TestCase(ulong.MaxValue)]
    public void C9_a_request_id_that_a_host_makes_up_finds_nothing(ulong requestId)
    {
        _calls.TryAdd(new PendingCallStub(), 7);
        Assert.That(_calls.TryFind(requestId, out _), Is.False);
    }

    [Test]
    public void C10_a_call_that_waits_is_found_when_it_is_written_unless_it_was_removed()
    {
        var written = new PendingCallStub();
        var cancelled = new PendingCallStub();
        _calls.AddWaiting(written);
        _calls.AddWaiting(cancelled);
        Assert.That((PendingCalls.IsWaiting(written), _calls.Count), Is.EqualTo((true, 2)));
        Assert.That((_calls.TryFind(written.RequestId, out _), _calls.TryRemove(cancelled)), Is.EqualTo((false, true)));

        Assert.That((_calls.TryAdd(written, 1), _calls.TryAdd(cancelled, 2)), Is.EqualTo((true, false)));
        Assert.That((_calls.TryFind(1, out _), _calls.Count, PendingCalls.IsWaiting(written)), Is.EqualTo((true, 1, false)));
    }

    [Test]
    public void A_few_old_calls_move_out_of_the_way_of_many_short_ones()
    {
        PendingCallStub[] old = [.. Enumerable.Range(1, 5).Select(_ => new PendingCallStub())];
        for (int i = 0; i < old.Length; i++)
        {
            _calls.TryAdd(old[i], (ulong)i + 1);
        }

        for (ulong id = 6; id < 10_000; id++)
        {
            var call = new PendingCallStub();
            _calls.TryAdd(call, id);
            Assert.That(_calls.TryFind(id, out IPendingCall? found) && found == call && _calls.TryRemove(call));
        }

        for (int i = 0; i < old.Length; i++)
        {
            Assert.That(_calls.TryFind((ulong)i + 1, out IPendingCall? found) && found == old[i]);
        }

        Assert.That(old.All(_calls.TryRemove));
        Assert.That(_calls.Count, Is.Zero);
    }

    [Test]
    public void Many_calls_are_all_found_and_removed_in_any_order()
    {
        const int Count = 5_000;
        PendingCallStub[] calls = [.. Enumerable.Range(0, Count).Select(_ => new PendingCallStub())];
        for (int round = 0; round < 3; round++)
        {
            ulong first = (ulong)((round * Count) + 1);
            for (int i = 0; i < Count; i++)
            {
                _calls.TryAdd(calls[i], first + (ulong)i);
            }

            Assert.That(calls.ToHashSet<IPendingCall>().SetEquals(_calls.ToList()));
            Assert.That(Enumerable.Range(0, Count).All(i => _calls.TryFind(first + (ulong)i, out IPendingCall? found) && found == calls[i]));
            List<IPendingCall> odd = _calls.RemoveAll(call => call.RequestId % 2 == 1);
            Assert.That((odd.Count, _calls.Count), Is.EqualTo((Count / 2, Count / 2)));
            var random = new Random(round);
            IPendingCall[] rest = [.. _calls.ToList().OrderBy(_ => random.Next())];
            Assert.That(rest.All(_calls.TryRemove));
            Assert.That(_calls.Count, Is.Zero);
            Array.ForEach(calls, call => call.RequestId = 0);
        }
    }

    [Test]
    public void Each_call_is_removed_by_exactly_one_of_the_threads_that_try_while_calls_move()
    {
        const int Count = 20_000;
        const int Window = 100;
        PendingCallStub[] calls = [.. Enumerable.Range(0, Count).Select(_ => new PendingCallStub())];
        int[] removals = new int[Count];
        int added = 0;
        int missed = 0;
        Task[] removers =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(remover =>
                    Task.Run(() =>
                    {
                        for (int i = 0; i < Count; i++)
                        {
                            SpinWait.SpinUntil(() => Volatile.Read(ref added) > i);

                            // Some stay until the end, so that they are in the way.
                            if (i % Window == 0)
                            {
                                continue;
                            }

                            if (_calls.TryFind((ulong)i + 1, out IPendingCall? found) && found != calls[i])
                            {
                                Interlocked.Increment(ref missed);
                            }

                            if (_calls.TryRemove(calls[i]))
                            {
                                Interlocked.Increment(ref removals[i]);
                            }
                        }
                    })
                ),
        ];
        for (int i = 0; i < Count; i++)
        {
            _calls.TryAdd(calls[i], (ulong)i + 1);
            Volatile.Write(ref added, i + 1);
        }

        Assert.That(Task.WaitAll(removers, Bounded.Limit));
        for (int i = 0; i < Count; i += Window)
        {
            Assert.That(_calls.TryFind((ulong)i + 1, out IPendingCall? found) && found == calls[i]);
            removals[i] += _calls.TryRemove(calls[i]) ? 1 : 0;
        }

        Assert.That((missed, _calls.Count), Is.EqualTo((0, 0)));
        Assert.That(removals, Is.All.EqualTo(1));
    }
}
