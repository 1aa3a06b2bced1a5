using System.Diagnostics;
using System.Text;
using NUnit.Framework;

namespace Signals.Tests.Support;

/// <summary>A sample, or a program of the tests, in a separate process, as a user runs it. Disposing the object ends the process.</summary>
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

    /// <summary>Starts a program.</summary>
    /// <param name="program">The path of its assembly.</param>
    /// <param name="arguments">The arguments.</param>
    internal static SampleProcess Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet");
        start.ArgumentList.Add(program);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Start(start);
    }

    /// <summary>Starts a process, whose input, output and errors are redirected.</summary>
    internal static SampleProcess Start(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;

        // Dispositions are of the process: two starts at a time would restore each other's.
        lock (StartLock)
        {
            using SignalDisposition? interrupt = OperatingSystem.IsWindows() ? null : SignalDisposition.DefaultIfIgnored(SignalDisposition.Interrupt);
            return new SampleProcess(Process.Start(start)!);
        }
    }

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
