using RxDashboard;

namespace Signals.Tests.Product.Samples;

/// <summary>A machine with a scripted load. Every measurement passes 100 ticks and allocates 1 MiB, and every tenth finds a collection.</summary>
/// <param name="loadOf">The load in percent up to each look, from the second look on, which is number 1.</param>
internal sealed class ScriptedMachine(Func<int, int> loadOf) : IMachineReader
{
    private const long Mebi = 1024 * 1024;

    private int _looks;
    private CpuTimes _cpu = new(5_000, 50_000);

    /// <summary>Gets or sets the exception that reading throws, or null if it throws none.</summary>
    internal Exception? Failure { get; set; }

    public string Source => "A script";

    public CpuTimes ReadCpu()
    {
        if (Failure is { } failure)
        {
            throw failure;
        }

        if (_looks > 0)
        {
            _cpu = new CpuTimes(_cpu.Busy + loadOf(_looks), _cpu.Total + 100);
        }

        _looks++;
        return _cpu;
    }

    public MemoryUse ReadMemory() => new(_looks * 100 * Mebi, 10_240 * Mebi);

    public GcCounters ReadGc() => new(_looks % 10 * Mebi, _looks * Mebi, _looks / 10, 0, TimeSpan.FromMilliseconds(2 * (_looks / 10)));
}
