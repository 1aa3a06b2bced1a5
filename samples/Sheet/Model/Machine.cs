using System.Globalization;
using Signals;

namespace Sheet.Model;

/// <summary>The live figures of the machine, which formulas read as CPU and MEM.</summary>
internal sealed class Machine : IDisposable
{
    private const string CpuTimes = "/proc/stat";
    private const string MemoryUse = "/proc/meminfo";
    private const int IdleColumn = 3;

    private readonly Property<double> _cpu = new(0);
    private readonly Property<double> _memory = new(0);
    private long _busyBefore;
    private long _totalBefore;

    /// <summary>Gets the share of the processors' time that was used since the previous measurement, in percent.</summary>
    internal IReadOnlyProperty<double> Cpu => _cpu;

    /// <summary>Gets the share of the memory that is used, in percent.</summary>
    internal IReadOnlyProperty<double> Memory => _memory;

    /// <summary>Sets both figures at once: a formula that reads both is computed once.</summary>
    internal void Set(double cpu, double memory)
    {
        using (Property.Batch())
        {
            _cpu.Value = cpu;
            _memory.Value = memory;
        }
    }

    /// <summary>Measures the machine. Without /proc, the figure for memory comes from the runtime, and that for the CPU stays 0.</summary>
    internal void Measure()
    {
        if (File.Exists(CpuTimes) && File.Exists(MemoryUse))
        {
            Set(MeasureCpu(File.ReadLines(CpuTimes).First()), MemoryOf(File.ReadLines(MemoryUse)));
            return;
        }

        GCMemoryInfo info = GC.GetGCMemoryInfo();
        Set(0, Percent(info.MemoryLoadBytes, Math.Max(1, info.TotalAvailableMemoryBytes)));
    }

    public void Dispose()
    {
        _cpu.Dispose();
        _memory.Dispose();
    }

    private double MeasureCpu(string line)
    {
        long[] times = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Number)];
        long total = times.Sum();
        long busy = total - times.Skip(IdleColumn).FirstOrDefault();
        double percent = total == _totalBefore ? 0 : Percent(busy - _busyBefore, total - _totalBefore);
        (_busyBefore, _totalBefore) = (busy, total);
        return percent;
    }

    private static double MemoryOf(IEnumerable<string> lines)
    {
        Dictionary<string, long> sizes = lines
            .Select(static line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries))
            .Where(static parts => parts.Length > 1)
            .ToDictionary(static parts => parts[0], static parts => Number(parts[1]));
        long total = sizes.GetValueOrDefault("MemTotal", 1);
        return Percent(total - sizes.GetValueOrDefault("MemAvailable"), total);
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    private static double Percent(long part, long whole) => Math.Round(100.0 * part / whole, 1);
}
