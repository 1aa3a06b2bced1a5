using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Signals;

namespace RxDashboard;

/// <summary>Makes snapshots of a machine's signals. All of it runs where the scheduler runs things, so none of it needs a lock.</summary>
internal sealed class DashboardPipeline : IDisposable
{
    private const int LooksPerSecond = 4;

    /// <summary>The interval between two looks at the machine.</summary>
    internal static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1) / LooksPerSecond;

    /// <summary>For how long a level of load has to hold before it counts.</summary>
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(1);

    /// <summary>For how long the numbers of one look may keep coming.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(20);

    private readonly CompositeDisposable _subscriptions = [];
    private readonly IConnectableObservable<Snapshot> _snapshots;

    internal DashboardPipeline(MachineMonitor machine, IScheduler scheduler)
    {
        IObservable<(TimeSpan At, GcCounters Counters)> gc = machine.Gc.AsObservable().ObserveOn(scheduler).Publish().RefCount();

        // Scan makes differences of the kernel's counters; the first is the one to the time when the machine started. Buffer averages the
        // last second, because the kernel counts in ticks so coarse that a single difference jumps about. The shorter buffers at the end
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

        // DistinctUntilChanged makes changes of levels; Throttle lets pass what nothing else follows for a while, so a short peak is none.
        IObservable<Pressure> pressure = load.Select(cpu => PressureLevels.Of(cpu.Average))
            .DistinctUntilChanged()
            .WithLatestFrom(gc, (level, look) => new Pressure(level, look.At))
            .Throttle(SettlingTime, scheduler)
            .DistinctUntilChanged(change => change.Level)
            .StartWith(default(Pressure));

        // Most looks find no further collection.
        IObservable<CollectionLog> collections = gc.Select(look => look.Counters)
            .DistinctUntilChanged(counters => counters.Collections)
            .Scan(default(CollectionLog), (log, counters) => log.Next(counters));

        IObservable<double> allocation = gc.Buffer(LooksPerSecond + 1, 1).Where(looks => looks.Count == LooksPerSecond + 1).Select(AllocationRate.Of);

        // CombineLatest makes a snapshot whenever one of its parts is new. The parts of one look come one right after another: Throttle
        // waits for the last.
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

        // The first snapshot of each second. A second begins half a look early here: a timer may be a moment early too.
        EverySecond = _snapshots.DistinctUntilChanged(snapshot => Math.Floor((snapshot.At + LookPeriod / 2).TotalSeconds));
        Totals = _snapshots.Aggregate(RxDashboard.Totals.None, (totals, snapshot) => totals.Add(snapshot));
    }

    /// <summary>A snapshot for each look.</summary>
    internal IObservable<Snapshot> Snapshots => _snapshots;

    /// <summary>One snapshot a second.</summary>
    internal IObservable<Snapshot> EverySecond { get; }

    /// <summary>One value, when the machine's signals have ended.</summary>
    internal IObservable<Totals> Totals { get; }

    /// <summary>Begins to listen to the signals, for those who have subscribed until now.</summary>
    internal void Connect() => _subscriptions.Add(_snapshots.Connect());

    public void Dispose() => _subscriptions.Dispose();

    private static IObservable<Tracked<T>> Track<T>(IObservable<T> values, Func<T, double> point) =>
        values.Scan(new Tracked<T>(default!, []), (tracked, value) => tracked.Next(value, point(value)));
}
