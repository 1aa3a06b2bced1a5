using NUnit.Framework;

namespace Signals.Tests.Core.Stress;

[TestFixture]
public class ConnectionStressTests
{
    [Test]
    public void S3_after_Disconnect_at_most_the_one_active_call_completes([Values(0, 1, 9, 69)] int others)
    {
        var signal = new Signal<int>();
        for (int i = 0; i < others; i++)
        {
            signal.Connect(static (int _) => { });
        }

        bool done = false;
        int active = 0;
        var probes = new List<FlightProbe>();
        Worker.RunAll(
            () =>
            {
                try
                {
                    for (int round = 0; round < 5000; round++)
                    {
                        var probe = new FlightProbe();
                        probes.Add(probe);
                        ConnectionHandle handle = signal.Connect(probe.Run);
                        handle.Disconnect();
                        probe.MarkDisconnected();
                        active += handle.IsActive ? 1 : 0;
                    }
                }
                finally
                {
                    Volatile.Write(ref done, true);
                }
            },
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    signal.Emit(1);
                }
            }
        );

        // An emission that was active may run the slot after the mark; a further one may not.
        Assert.That(probes.Count(probe => probe.StartedAfterDisconnect > 1), Is.Zero);
        Assert.That((active, signal.ConnectionCount), Is.EqualTo((0, others)));
    }

    [Test]
    public void S2_S3_a_connection_gets_every_emission_between_Connect_and_Disconnect_once([Values(0, 1, 9, 69)] int others)
    {
        var signal = new Signal<int>();
        for (int i = 0; i < others; i++)
        {
            signal.Connect(static (int _) => { });
        }

        int emissions = 1_000_000 / (others + 10);
        int begun = 0;
        var probes = new List<SpanProbe>();
        using var barrier = new Barrier(2);
        Worker.RunAll(
            () =>
            {
                Bounded.Wait(barrier);
                for (int i = 0; i < emissions; i++)
                {
                    signal.Emit(Interlocked.Increment(ref begun));
                }
            },
            () =>
            {
                var standing = new Queue<SpanProbe>();
                Bounded.Wait(barrier);
                while (Volatile.Read(ref begun) < emissions)
                {
                    var probe = new SpanProbe();
                    probe.Handle = signal.Connect(probe.Run);
                    probe.Connected = Volatile.Read(ref begun);
                    probes.Add(probe);
                    standing.Enqueue(probe);
                    if (standing.Count > 8)
                    {
                        SpanProbe oldest = standing.Dequeue();
                        oldest.Disconnecting = Volatile.Read(ref begun);
                        oldest.Handle.Disconnect();
                        oldest.Disconnected = Volatile.Read(ref begun);
                    }
                }

                foreach (SpanProbe probe in standing)
                {
                    probe.Disconnecting = Volatile.Read(ref begun);
                    probe.Handle.Disconnect();
                    probe.Disconnected = Volatile.Read(ref begun);
                }
            }
        );

        Assert.That(probes.Count(probe => !probe.IsRight), Is.Zero);
        Assert.That((begun, signal.ConnectionCount), Is.EqualTo((emissions, others)));
    }

    [Test]
    public void S2_order_is_the_order_of_connecting_despite_churn()
    {
        var signal = new Signal<int>();
        var orders = new List<int>();
        bool done = false;
        int wrong = 0;
        for (int i = 0; i < 20; i++)
        {
            int number = i;
            signal.Connect(_ => orders.Add(number));
            signal.Connect(static (int _) => { });
        }

        Worker.RunAll(
            () =>
            {
                try
                {
                    for (int i = 0; i < 5000; i++)
                    {
                        orders.Clear();
                        signal.Emit(i);
                        wrong += orders.SequenceEqual(Enumerable.Range(0, 20)) ? 0 : 1;
                    }
                }
                finally
                {
                    Volatile.Write(ref done, true);
                }
            },
            () =>
            {
                var handles = new List<ConnectionHandle>();
                var random = new Random(20261121);
                while (!Volatile.Read(ref done))
                {
                    if (handles.Count < 300 && random.Next(2) == 0)
                    {
                        handles.Add(signal.Connect(static (int _) => { }));
                    }
                    else if (handles.Count > 0)
                    {
                        int which = random.Next(handles.Count);
                        handles[which].Disconnect();
                        handles.RemoveAt(which);
                    }
                }
            }
        );

        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public void S5_after_DisconnectAll_and_Dispose_no_slot_starts_except_the_active_one([Values] bool dispose, [Values(1, 2, 70)] int slots)
    {
        for (int round = 0; round < 200; round++)
        {
            var signal = new Signal<int>();
            bool ended = false;
            int startedAfter = 0;
            for (int i = 0; i < slots; i++)
            {
                signal.Connect((int _) => startedAfter += Volatile.Read(ref ended) ? 1 : 0);
            }

            using var barrier = new Barrier(2);
            Worker.RunAll(
                () =>
                {
                    Bounded.Wait(barrier);
                    for (int i = 0; i < 20; i++)
                    {
                        signal.Emit(i);
                    }
                },
                () =>
                {
                    Bounded.Wait(barrier);
                    if (dispose)
                    {
                        signal.Dispose();
                    }
                    else
                    {
                        signal.DisconnectAll();
                    }

                    Volatile.Write(ref ended, true);
                }
            );

            Assert.That(startedAfter, Is.LessThanOrEqualTo(1));
            Assert.That((signal.ConnectionCount, signal.IsDisposed), Is.EqualTo((0, dispose)));
        }
    }

    [Test]
    public void Single_shot_runs_exactly_once_with_many_emitters([Values(1, 5, 80)] int shots)
    {
        for (int round = 0; round < 200; round++)
        {
            var signal = new Signal<int>();
            var calls = new int[shots];
            for (int i = 0; i < shots; i++)
            {
                int shot = i;
                signal.ConnectSingleShot(_ => Interlocked.Increment(ref calls[shot]));
            }

            using var barrier = new Barrier(3);
            Action emit = () =>
            {
                Bounded.Wait(barrier);
                signal.Emit(1);
                signal.Emit(2);
            };
            Worker.RunAll(emit, emit, emit);

            Assert.That(calls, Is.All.EqualTo(1));
            Assert.That(signal.IsEmpty, Is.True);
        }
    }

    [Test]
    public void S9_exactly_one_of_many_threads_ends_a_connection()
    {
        for (int round = 0; round < 300; round++)
        {
            using var signal = new Signal<int>();
            ConnectionHandle stays = signal.Connect(static (int _) => { });
            ConnectionHandle handle = signal.Connect(static (int _) => { });
            using var barrier = new Barrier(3);
            int ended = 0;
            Action end = () =>
            {
                Bounded.Wait(barrier);
                if (handle.TryDisconnect())
                {
                    Interlocked.Increment(ref ended);
                }
            };
            Worker.RunAll(end, end, end);

            Assert.That((ended, handle.IsActive, stays.IsActive, signal.ConnectionCount), Is.EqualTo((1, false, true, 1)));
        }
    }

    [Test]
    public void S8_exactly_one_of_many_threads_changes_the_blocking([Values(1, 3)] int connections)
    {
        for (int round = 0; round < 300; round++)
        {
            using var signal = new Signal<int>();
            int calls = 0;
            var handles = Enumerable.Range(0, connections).Select(_ => signal.Connect((int _) => calls++)).ToList();
            ConnectionHandle handle = handles[connections / 2];
            using var barrier = new Barrier(3);
            int changed = 0;
            Action block = () =>
            {
                Bounded.Wait(barrier);
                if (!handle.Block(true))
                {
                    Interlocked.Increment(ref changed);
                }
            };
            Worker.RunAll(block, block, block);
            signal.Emit(1);

            Assert.That((changed, handle.IsBlocked, calls), Is.EqualTo((1, true, connections - 1)));
        }
    }

    [Test]
    public void S10_concurrent_connecting_disconnecting_blocking_emitting_and_disposing_leaves_no_connection()
    {
        for (int round = 0; round < 100; round++)
        {
            var signal = new Signal<int>();
            using var barrier = new Barrier(4);
            int refused = 0;
            Action connect = () =>
            {
                Bounded.Wait(barrier);
                var handles = new List<ConnectionHandle>();
                try
                {
                    for (int i = 0; i < 200; i++)
                    {
                        handles.Add(signal.Connect(static (int _) => { }));
                        handles[i / 2].TryBlock(i % 3 == 0);
                        handles[i / 3].Disconnect();
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refused);
                }
            };
            Worker.RunAll(
                connect,
                connect,
                () =>
                {
                    Bounded.Wait(barrier);
                    for (int i = 0; i < 100; i++)
                    {
                        signal.Emit(i);
                    }
                },
                () =>
                {
                    Bounded.Wait(barrier);
                    signal.DisconnectAll();
                    signal.TrimExcess();
                    signal.Dispose();
                }
            );

            Assert.That(refused, Is.InRange(0, 2));
            Assert.That((signal.ConnectionCount, signal.IsDisposed), Is.EqualTo((0, true)));
        }
    }

    /// <summary>Slot that counts its calls after the connection has ended.</summary>
    private sealed class FlightProbe
    {
        private bool _disconnected;
        private int _startedAfterDisconnect;

        internal int StartedAfterDisconnect => Volatile.Read(ref _startedAfterDisconnect);

        internal void MarkDisconnected() => Volatile.Write(ref _disconnected, true);

        internal void Run(int value)
        {
            if (Volatile.Read(ref _disconnected))
            {
                Interlocked.Increment(ref _startedAfterDisconnect);
            }
        }
    }

    /// <summary>Slot that records which of one thread's numbered emissions it received.</summary>
    private sealed class SpanProbe
    {
        private int _first;
        private int _last;
        private int _calls;

        internal ConnectionHandle Handle { get; set; }

        /// <summary>Number of the last emission that had started when Connect returned.</summary>
        internal int Connected { get; set; }

        /// <summary>Number of the last emission that had started before Disconnect was called.</summary>
        internal int Disconnecting { get; set; }

        /// <summary>Number of the last emission that had started when Disconnect returned.</summary>
        internal int Disconnected { get; set; }

        internal bool IsRight
        {
            get
            {
                // The emissions that are active while the connection is made or ended may or may not run the slot; those in between must.
                bool mustRun = Connected + 1 < Disconnecting;
                return _calls == 0
                    ? !mustRun
                    : _calls == _last - _first + 1 && _last <= Disconnected && (!mustRun || (_first <= Connected + 1 && _last >= Disconnecting - 1));
            }
        }

        internal void Run(int emission)
        {
            _first = _calls == 0 ? emission : _first;
            _last = emission;
            _calls++;
        }
    }
}
