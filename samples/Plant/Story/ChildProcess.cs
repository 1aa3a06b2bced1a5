using System.Diagnostics;
using System.Threading.Channels;

namespace Plant.Story;

/// <summary>Another process of this program. What it prints is written by the narrator, and can be waited for.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _name;
    private readonly Narrator _narrator;

    /// <summary>The lines that were not waited for yet.</summary>
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task _reading;

    private ChildProcess(Process process, string name, Narrator narrator)
    {
        _process = process;
        _name = name;
        _narrator = narrator;
        _reading = ReadAsync();
    }

    internal int Id => _process.Id;

    internal static ChildProcess Start(string name, Narrator narrator, params IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown.");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            // This program runs as "dotnet Plant.dll".
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."), name, narrator);
    }

    /// <summary>Writes a line to the input of the process.</summary>
    internal Task TypeAsync(string line)
    {
        _narrator.Say(_name, $"> {line}");
        return _process.StandardInput.WriteLineAsync(line);
    }

    /// <summary>Returns the next line that contains a text, among those after the line that was waited for before.</summary>
    /// <exception cref="InvalidOperationException">The process ended before.</exception>
    internal async Task<string> WaitForAsync(string text, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                string line = await _lines.Reader.ReadAsync(stop);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"The {_name} ended before it printed \"{text}\".");
        }
    }

    /// <summary>Kills the process (SIGKILL), so that it cannot close its connections first.</summary>
    internal async Task KillAsync(CancellationToken stop)
    {
        _process.Kill();
        await _process.WaitForExitAsync(stop);
    }

    /// <summary>Closes the input of the process, which ends it, and waits for its end.</summary>
    /// <exception cref="InvalidOperationException">The exit code is not 0.</exception>
    internal async Task StopAsync(CancellationToken stop)
    {
        _process.StandardInput.Close();
        await _reading.WaitAsync(stop);
        await _process.WaitForExitAsync(stop);
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The {_name} ended with exit code {_process.ExitCode}.");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _narrator.Say(_name, line);
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
    }
}
