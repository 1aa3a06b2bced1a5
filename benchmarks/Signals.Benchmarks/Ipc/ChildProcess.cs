using System.Diagnostics;

namespace Signals.Benchmarks.Ipc;

/// <summary>A further process of this program, with other arguments.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    internal static ChildProcess Start(params IEnumerable<string> arguments)
    {
        ProcessStartInfo description = Describe(arguments);
        description.RedirectStandardInput = true;
        description.RedirectStandardOutput = true;
        return new ChildProcess(Start(description));
    }

    /// <summary>Runs this program again with the same arguments and an additional environment variable. Returns its exit code.</summary>
    internal static async Task<int> RunAgainAsync(string variable, string value)
    {
        ProcessStartInfo description = Describe(Environment.GetCommandLineArgs().Skip(1));
        description.Environment[variable] = value;
        using Process process = Start(description);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Waits for the first line of output, which the process writes when it is ready.</summary>
    internal async Task WaitUntilReadyAsync() =>
        _ = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The other process ended before it was ready.");

    /// <summary>Waits for a line of output.</summary>
    internal string ReadLine() =>
        _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The other process ended before it wrote a line.");

    /// <summary>Gets the number of bytes of memory that the process occupies.</summary>
    internal long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Gets the processor time that the process has used.</summary>
    internal TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Ends the process with SIGKILL.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        // The Process object does not close these, because other code might use them.
        _process.StandardInput.Dispose();
        _process.StandardOutput.Dispose();
        _process.Dispose();
    }

    private static ProcessStartInfo Describe(IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown.");
        var description = new ProcessStartInfo(program);
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            // This program runs as "dotnet Signals.Benchmarks.dll".
            description.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            description.ArgumentList.Add(argument);
        }

        return description;
    }

    private static Process Start(ProcessStartInfo description) =>
        Process.Start(description) ?? throw new InvalidOperationException($"{description.FileName} did not start.");
}
