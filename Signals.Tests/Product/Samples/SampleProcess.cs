using System.Diagnostics;
using System.Reflection;
using System.Text;
using NUnit.Framework;

namespace Signals.Tests.Product.Samples;

/// <summary>A sample in a separate process, as a user runs it. Disposing the object ends the process.</summary>
internal sealed class SampleProcess : IDisposable
{
    private static readonly Lock StartLock = new();

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    /// <summary>Released by each line of output.</summary>
    private readonly SemaphoreSlim _lines = new(0);

    private SampleProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            Add(_output, line.Data);
            _lines.Release();
        };
        process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Gets the text that the process has written to its standard output so far.</summary>
    internal string Output => Read(_output);

    /// <summary>Gets the text that the process has written to its standard error so far.</summary>
    internal string Errors => Read(_errors);

    internal static SampleProcess StartGreeter(params IEnumerable<string> arguments) =>
        Start(typeof(global::Greeter.GreeterReflection).Assembly, arguments);

    internal static SampleProcess StartDashboard(params IEnumerable<string> arguments) =>
        Start(typeof(global::RxDashboard.CommandLine).Assembly, arguments);

    internal static SampleProcess StartPlant(params IEnumerable<string> arguments) => Start(typeof(global::Plant.CommandLine).Assembly, arguments);

    internal static SampleProcess StartSheet(params IEnumerable<string> arguments) => Start(typeof(global::Sheet.CommandLine).Assembly, arguments);

    /// <summary>Waits for a text in the output of the process.</summary>
    internal async Task WaitForAsync(string text)
    {
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.That(await _lines.WaitAsync(Bounded.ProcessLimit), Is.True, $"The process did not print '{text}': {Output}{Errors}");
        }
    }

    /// <summary>Writes a line to the input of the process, which is open until this object is disposed.</summary>
    internal void Type(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>Sends a signal to the process, like Ctrl+C or a service manager.</summary>
    /// <param name="signal">The signal's name, such as "INT".</param>
    internal void Send(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end of the process. Returns the exit code.</summary>
    internal async Task<int> ExitAsync()
    {
        // Also waits until all that it said has been read.
        await _process.WaitForExitAsync().Within(Bounded.ProcessLimit, "the end of the process");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        // The story's own host, too.
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _lines.Dispose();
    }

    private static SampleProcess Start(Assembly sample, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(sample.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Dispositions are of the process: two starts at a time would restore each other's.
        lock (StartLock)
        {
            using SignalDisposition? interrupt = OperatingSystem.IsWindows() ? null : SignalDisposition.DefaultIfIgnored(SignalDisposition.Interrupt);
            return new SampleProcess(Process.Start(start)!);
        }
    }

    private static void Add(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
