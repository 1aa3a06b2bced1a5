using System.Diagnostics;

namespace Signals.Benchmarks;

/// <summary>A second thread, for loops that run until a timestamp.</summary>
internal sealed class SecondThread : IDisposable
{
    private readonly Thread _thread;
    private readonly SemaphoreSlim _given = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private Func<long, long>? _loop;
    private long _result;

    /// <summary>Indicates whether the loop is about to start.</summary>
    private volatile bool _ready;

    /// <summary>The timestamp at which both loops end; zero until both can begin.</summary>
    private long _deadline;

    internal SecondThread()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = nameof(SecondThread) };
        _thread.Start();
    }

    /// <summary>
    /// Runs one loop on this thread and one on the second thread for the same time. Loops receive the timestamp of their end and return their
    /// count.
    /// </summary>
    internal (long Here, long There) RunBoth(Func<long, long> here, Func<long, long> there, TimeSpan time)
    {
        _loop = there;
        _ready = false;
        _deadline = 0;
        _given.Release();
        SpinWait.SpinUntil(() => _ready);
        long deadline = DeadlineIn(time);
        Volatile.Write(ref _deadline, deadline);
        long result = here(deadline);
        _done.Wait();
        return (result, _result);
    }

    /// <summary>Returns the timestamp after the specified time.</summary>
    internal static long DeadlineIn(TimeSpan time) => Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);

    public void Dispose()
    {
        _loop = null;
        _given.Release();
        _thread.Join();
        _given.Dispose();
        _done.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            _given.Wait();
            if (_loop is not { } loop)
            {
                return;
            }

            _ready = true;
            long deadline;
            while ((deadline = Volatile.Read(ref _deadline)) == 0)
            {
                Thread.SpinWait(1);
            }

            _result = loop(deadline);
            _done.Release();
        }
    }
}
