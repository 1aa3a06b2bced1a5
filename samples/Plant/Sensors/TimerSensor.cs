using System.Diagnostics;
using Signals;

namespace Plant.Sensors;

/// <summary>
/// Measures how late a thread wakes up that sleeps for a millisecond: about a thousand values a second. It only runs while something is connected to it: in
/// the sensors, while an importer is subscribed, and half a minute longer.
/// </summary>
internal sealed class TimerSensor : IDisposable
{
    private const int KeptTimes = 255;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(1);

    private readonly Signal<long, double> _lateness;
    private readonly ManualResetEventSlim _isWanted = new();
    private readonly Thread _thread;

    /// <summary>Guards <see cref="_emitTimes"/>.</summary>
    private readonly Lock _lock = new();

    /// <summary>The times that the last emissions took. The one of emission n is at n modulo the length.</summary>
    private readonly long[] _emitTimes = new long[KeptTimes];

    private long _count;
    private volatile bool _isDisposed;

    internal TimerSensor()
    {
        _lateness = new Signal<long, double>(new SignalOptions { FirstConnectedHandler = _isWanted.Set, LastDisconnectedHandler = _isWanted.Reset });
        _thread = new Thread(Run) { IsBackground = true, Name = "timer sensor" };
        _thread.Start();
    }

    /// <summary>Gets the signal of the lateness: the number of the tick, and milliseconds.</summary>
    internal ISignal<long, double> Lateness => _lateness;

    /// <summary>Gets the number of emissions.</summary>
    internal long Count => Volatile.Read(ref _count);

    /// <summary>Gets the median of the times that the last emissions took.</summary>
    internal TimeSpan MedianEmitTime
    {
        get
        {
            long[] times;
            lock (_lock)
            {
                times = _emitTimes[..(int)Math.Min(Count, KeptTimes)];
            }

            Array.Sort(times);
            return times.Length == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(0, times[times.Length / 2]);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _lateness.Dispose();
        _isWanted.Set();
        _thread.Join();
        _isWanted.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _isWanted.Wait();
            if (_isDisposed)
            {
                return;
            }

            long start = Stopwatch.GetTimestamp();
            Thread.Sleep(Period);
            double lateness = (Stopwatch.GetElapsedTime(start) - Period).TotalMilliseconds;
            Emit(lateness);
        }
    }

    private void Emit(double lateness)
    {
        long number = _count + 1;
        long start = Stopwatch.GetTimestamp();
        _lateness.Emit(number, lateness);
        long time = Stopwatch.GetTimestamp() - start;
        lock (_lock)
        {
            _emitTimes[(number - 1) % KeptTimes] = time;
            Volatile.Write(ref _count, number);
        }
    }
}
