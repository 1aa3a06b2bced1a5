using Signals;

namespace RxDashboard;

/// <summary>
/// Measures the machine periodically, on the thread pool, and emits the results there. Disposing the object ends its signals, and thereby
/// the observables of these signals.
/// </summary>
internal sealed class MachineMonitor : IDisposable
{
    private readonly Signal<CpuTimes> _cpu = new();
    private readonly Signal<MemoryUse> _memory = new();
    private readonly Signal<TimeSpan, GcCounters> _gc = new();
    private readonly Signal<Exception> _failed = new();
    private readonly IMachineReader _reader;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    /// <summary>Held during a measurement.</summary>
    private readonly Lock _looking = new();

    private long _started;

    internal MachineMonitor(IMachineReader reader, TimeProvider clock)
    {
        _reader = reader;
        _clock = clock;
        _timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal ISignal<CpuTimes> Cpu => _cpu;

    internal ISignal<MemoryUse> Memory => _memory;

    /// <summary>The garbage collector's counters, and the time since the start. Emitted first in each measurement.</summary>
    internal ISignal<TimeSpan, GcCounters> Gc => _gc;

    /// <summary>Gets the signal that is emitted when the machine could not be measured.</summary>
    internal ISignal<Exception> Failed => _failed;

    /// <summary>Starts measuring the machine, immediately and then once in each period.</summary>
    internal void Start(TimeSpan period)
    {
        _started = _clock.GetTimestamp();
        _timer.Change(TimeSpan.Zero, period);
    }

    public void Dispose()
    {
        _timer.Dispose();

        // A measurement may still be active on another thread: emitting a disposed signal does nothing.
        _cpu.Dispose();
        _memory.Dispose();
        _gc.Dispose();
        _failed.Dispose();
    }

    private void Look()
    {
        if (!_looking.TryEnter())
        {
            // The previous measurement takes longer than a period; a concurrent one would emit figures out of order.
            return;
        }

        try
        {
            _gc.Emit(_clock.GetElapsedTime(_started), _reader.ReadGc());
            _cpu.Emit(_reader.ReadCpu());
            _memory.Emit(_reader.ReadMemory());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            _failed.Emit(exception);
        }
        finally
        {
            _looking.Exit();
        }
    }
}
