using NUnit.Framework;

namespace Signals.Tests.Core.Stress;

/// <summary>Handles of permanent connections that are read by other threads while further connections are made and ended.</summary>
public sealed class StandingHandleStressTests
{
    private const int ReadsEach = 1_000;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    private volatile Box? _newest;
    private volatile bool _stop;

    [Test]
    public void S9_handle_of_an_active_connection_stays_active_when_the_table_changes([Values(3, 70)] int others)
    {
        // More readers than processors: values that a thread has read are outdated when it resumes.
        var seen = new Box?[4 * Environment.ProcessorCount];
        _newest = new Box(new Signal().Connect(static () => { }));
        Worker[] readers = [.. Enumerable.Range(0, seen.Length).Select(number => new Worker(() => ReadUntilStopped(ref seen[number])))];
        long end = Environment.TickCount64 + (long)Duration.TotalMilliseconds;
        var handles = new ConnectionHandle[others];
        while (Environment.TickCount64 < end)
        {
            var signal = new Signal();
            var newest = new Box(signal.Connect(static () => { }));
            _newest = newest;
            while (seen.Any(box => box != newest) && readers.All(reader => reader.IsRunning))
            {
                Thread.Yield();
            }

            for (int i = 0; i < others; i++)
            {
                handles[i] = signal.Connect(static () => { });
            }

            for (int i = others - 1; i >= 0; i--)
            {
                handles[i].Disconnect();
            }
        }

        _stop = true;
        Array.ForEach(readers, reader => reader.Join());
    }

    [Test]
    public void E3_either_of_two_threads_that_end_a_connection_finds_nothing_pending_when_it_returns([Values] bool all)
    {
        using var evaluator = new ConnectionEvaluator();
        for (int round = 0; round < 2_000; round++)
        {
            var signal = new Signal<int>();
            var handles = new ConnectionHandle[20];
            for (int i = 0; i < handles.Length; i++)
            {
                handles[i] = signal.ConnectDeferred(evaluator, static _ => { });
            }

            for (int i = 0; i < 50; i++)
            {
                signal.Emit(i);
            }

            int left = -1;
            int meeting = 0;
            var other = new Worker(() =>
            {
                Meet(ref meeting);
                End(signal, handles, all);
            });
            Meet(ref meeting);
            End(signal, handles, all);
            left = evaluator.PendingCount;
            other.Join();
            Assert.That(left, Is.Zero, $"round {round}");
        }
    }

    private static void End(Signal<int> signal, ConnectionHandle[] handles, bool all)
    {
        if (all)
        {
            signal.DisconnectAll();
            return;
        }

        foreach (ConnectionHandle handle in handles)
        {
            handle.Disconnect();
        }
    }

    /// <summary>Waits until the other thread has called this method, too.</summary>
    private static void Meet(ref int meeting)
    {
        Interlocked.Increment(ref meeting);
        while (Volatile.Read(ref meeting) < 2)
        {
            Thread.Yield();
        }
    }

    private void ReadUntilStopped(ref Box? seen)
    {
        while (!_stop)
        {
            Box newest = _newest!;
            Volatile.Write(ref seen, newest);
            for (int i = 0; i < ReadsEach; i++)
            {
                if (!newest.Handle.IsActive)
                {
                    throw new AssertionException("a standing connection was said to have ended");
                }
            }
        }
    }

    private sealed class Box(ConnectionHandle handle)
    {
        internal ConnectionHandle Handle { get; } = handle;
    }
}
