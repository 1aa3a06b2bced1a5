using Signals;

namespace RxDashboard;

/// <summary>
/// Looks at the machine again and again, on threads of the pool, and emits there what it sees. Disposing it ends its signals, and thereby
/// the observables that are made of them.
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

    /// <summary>Held while the machine is looked at.</summary>
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

    /// <summary>The garbage collector's counters, and when they were read, counted from the start. Emitted first of a look: it tells its time.</summary>
    internal ISignal<TimeSpan, GcCounters> Gc => _gc;

    /// <summary>The machine could not be read.</summary>
    internal ISignal<Exception> Failed => _failed;

    /// <summary>Begins to look at the machine, now and then once a period.</summary>
    internal void Start(TimeSpan period)
    {
        _started = _clock.GetTimestamp();
        _timer.Change(TimeSpan.Zero, period);
    }

    public void Dispose()
    {
        _timer.Dispose();

        // A look may still be under way on another thread: emitting a disposed signal does nothing.
        _cpu.Dispose();
        _memory.Dispose();
        _gc.Dispose();
        _failed.Dispose();
    }

    private void Look()
    {
        if (!_looking.TryEnter())
        {
            // The one before takes longer than a period; overtaking it would put the numbers out of order.
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
