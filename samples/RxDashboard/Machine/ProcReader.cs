namespace RxDashboard;

/// <summary>Reads the machine's figures from <c>/proc</c> on Linux.</summary>
/// <param name="folder">The folder that contains the files.</param>
internal sealed class ProcReader(string folder = ProcReader.Folder) : IMachineReader
{
    private const string Folder = "/proc";

    private readonly string _stat = Path.Combine(folder, "stat");
    private readonly string _memory = Path.Combine(folder, "meminfo");

    public string Source => "CPU and memory of the machine from /proc, garbage collection of this process";

    /// <summary>Gets a value that indicates whether the folder contains the files.</summary>
    internal bool IsAvailable => File.Exists(_stat) && File.Exists(_memory);

    public CpuTimes ReadCpu()
    {
        using var reader = new StreamReader(_stat);
        return CpuTimes.Parse(reader.ReadLine() ?? "");
    }

    public MemoryUse ReadMemory() => MemoryUse.Parse(File.ReadLines(_memory));

    public GcCounters ReadGc() => GcCounters.OfThisProcess();
}
