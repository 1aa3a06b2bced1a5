using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Signals;

namespace RxDashboard;

/// <summary>Combines the signals of a machine into snapshots. All operators run on the scheduler, so no lock is necessary.</summary>
internal sealed class DashboardPipeline : IDisposable
{
    private const int LooksPerSecond = 4;

    /// <summary>The interval between two measurements.</summary>
    internal static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1) / LooksPerSecond;

    /// <summary>Duration for which a level of load must last before it counts.</summary>
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(1);

    /// <summary>Time within which the figures of one measurement arrive.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(20);

    private readonly CompositeDisposable _subscriptions = [];
    private readonly IConnectableObservable<Snapshot> _snapshots;

    internal DashboardPipeline(MachineMonitor machine, IScheduler scheduler)
    {
        IObservable<(TimeSpan At, GcCounters Counters)> gc = machine.Gc.AsObservable().ObserveOn(scheduler).Publish().RefCount();

        // Scan calculates differences of the kernel's counters; the first one is the difference since the machine started. Buffer averages the
        // last second, because the kernel's ticks are so coarse that single differences vary widely. The shorter buffers at the end
        // are left out.
        IObservable<CpuLoad> load = machine
            .Cpu.AsObservable()
            .ObserveOn(scheduler)
            .Scan(default(CpuStep), (step, times) => step.Next(times))
            .Skip(1)
            .Buffer(LooksPerSecond, 1)
            .Where(steps => steps.Count == LooksPerSecond)
            .Select(CpuLoad.Of)
            .Publish()
            .RefCount();

        // DistinctUntilChanged passes changes of levels; Throttle passes only those that last for a while, so short peaks are ignored.
        IObservable<Pressure> pressure = load.Select(cpu => PressureLevels.Of(cpu.Average))
            .DistinctUntilChanged()
            .WithLatestFrom(gc, (level, look) => new Pressure(level, look.At))
            .Throttle(SettlingTime, scheduler)
            .DistinctUntilChanged(change => change.Level)
            .StartWith(default(Pressure));

        // Most measurements find no further collection.
        IObservable<CollectionLog> collections = gc.Select(look => look.Counters)
            .DistinctUntilChanged(counters => counters.Collections)
            .Scan(default(CollectionLog), (log, counters) => log.Next(counters));

        IObservable<double> allocation = gc.Buffer(LooksPerSecond + 1, 1).Where(looks => looks.Count == LooksPerSecond + 1).Select(AllocationRate.Of);

        // CombineLatest creates a snapshot whenever one of its parts changes. The parts of one measurement arrive in quick succession:
        // Throttle waits for the last part.
        _snapshots = Observable
            .CombineLatest(
                gc,
                Track(load, cpu => cpu.Average),
                Track(machine.Memory.AsObservable().ObserveOn(scheduler), memory => memory.Fraction),
                Track(gc.Select(look => look.Counters.HeapBytes), bytes => bytes),
                Track(allocation, bytes => bytes),
                collections,
                pressure,
                (look, cpu, memory, heap, rate, log, level) => new Snapshot(look.At, cpu, memory, look.Counters, heap, rate, log, level)
            )
            .Throttle(Burst, scheduler)
            .Publish();

        // The first snapshot of each second. A second begins half an interval early here, because a timer may be slightly early.
        EverySecond = _snapshots.DistinctUntilChanged(snapshot => Math.Floor((snapshot.At + LookPeriod / 2).TotalSeconds));
        Totals = _snapshots.Aggregate(RxDashboard.Totals.None, (totals, snapshot) => totals.Add(snapshot));
    }

    /// <summary>Gets an observable of one snapshot for each measurement.</summary>
    internal IObservable<Snapshot> Snapshots => _snapshots;

    /// <summary>Gets an observable of one snapshot per second.</summary>
    internal IObservable<Snapshot> EverySecond { get; }

    /// <summary>Gets an observable of a single value, which follows the end of the machine's signals.</summary>
    internal IObservable<Totals> Totals { get; }

    /// <summary>Connects to the signals, for the observers that have subscribed so far.</summary>
    internal void Connect() => _subscriptions.Add(_snapshots.Connect());

    public void Dispose() => _subscriptions.Dispose();

    private static IObservable<Tracked<T>> Track<T>(IObservable<T> values, Func<T, double> point) =>
        values.Scan(new Tracked<T>(default!, []), (tracked, value) => tracked.Next(value, point(value)));
}
