using System.Diagnostics;
using System.Text;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Samples;

/// <summary>The Greeter sample in a process of its own, as a user runs it. It ends with this object.</summary>
internal sealed class GreeterProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private GreeterProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Add(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it has said so far.</summary>
    internal string Output => Read(_output);

    /// <summary>What it has complained of so far.</summary>
    internal string Errors => Read(_errors);

    internal static GreeterProcess Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(global::Greeter.GreeterReflection).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new GreeterProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it has said something.</summary>
    internal Task WaitForAsync(string text) => Limit.Until(() => Output.Contains(text, StringComparison.Ordinal), $"'{text}'");

    /// <summary>Waits for its end. Returns the exit code.</summary>
    internal async Task<int> ExitAsync()
    {
        // Also waits until all that it said has been read.
        await _process.WaitForExitAsync().Within("the end of the process");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        // The story's own host, too.
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
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
