using NUnit.Framework;
using Signals.Tool;
using Signals.Tool.Output;

namespace Signals.Tests.Tool.Support;

/// <summary>A run of the tool in the process of the tests.</summary>
internal sealed class ToolRun : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LineWriter _output = new();
    private readonly StringWriter _errors = new();
    private readonly Task<int> _exit;

    private ToolRun(bool isTerminal, string[] arguments)
    {
        var console = new ToolConsole(_output, TextWriter.Synchronized(_errors), isTerminal);
        _exit = Task.Run(() => ToolProgram.RunAsync(arguments, console, _stop.Token));
    }

    /// <summary>Gets the output so far.</summary>
    internal string Output => _output.Text;

    internal string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal string Errors => _errors.ToString();

    /// <summary>Starts the tool with redirected output.</summary>
    internal static ToolRun Start(params string[] arguments) => new(isTerminal: false, arguments);

    /// <summary>Starts the tool on a terminal.</summary>
    internal static ToolRun StartOnTerminal(params string[] arguments) => new(isTerminal: true, arguments);

    /// <summary>Runs the tool with redirected output, to its end.</summary>
    internal static async Task<ToolRun> RunAsync(int exitCode, params string[] arguments) => await Start(arguments).EndedAsync(exitCode);

    /// <summary>Runs the tool on a terminal, to its end.</summary>
    internal static async Task<ToolRun> RunOnTerminalAsync(params string[] arguments) => await new ToolRun(isTerminal: true, arguments).EndedAsync(0);

    /// <summary>Waits for a number of lines of output.</summary>
    internal async Task WaitForLinesAsync(int count)
    {
        for (int seen = 0; seen < count; seen++)
        {
            await _output.NextAsync();
        }
    }

    /// <summary>Ends the command as Ctrl+C does.</summary>
    internal void Stop() => _stop.Cancel();

    /// <summary>Waits for the end, and checks the exit code.</summary>
    internal async Task<ToolRun> EndedAsync(int exitCode)
    {
        int actual = await _exit.Within("the end of the tool");
        Assert.That(actual, Is.EqualTo(exitCode), () => $"{Output}{Errors}");
        return this;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _exit.ContinueWith(static _ => { }, TaskScheduler.Default).Wait(Bounded.Limit);
        _stop.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    /// <summary>Collects lines, each of which releases a wait.</summary>
    private sealed class LineWriter : StringWriter
    {
        private readonly SemaphoreSlim _lines = new(0);
        private readonly Lock _lock = new();

        internal string Text
        {
            get
            {
                lock (_lock)
                {
                    return ToString();
                }
            }
        }

        internal async Task NextAsync() => Assert.That(await _lines.WaitAsync(Bounded.Limit), Is.True, "The tool wrote no further line.");

        public override void Write(string? value)
        {
            lock (_lock)
            {
                base.Write(value);
            }

            _lines.Release();
        }
    }
}
