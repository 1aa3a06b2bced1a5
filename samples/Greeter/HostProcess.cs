using System.Diagnostics;

namespace Greeter;

/// <summary>A host in a separate process, which runs this program.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    internal int Id => _process.Id;

    internal static HostProcess Start(string socket)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown.");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            // This program runs as "dotnet Greeter.dll".
            start.ArgumentList.Add(typeof(HostProcess).Assembly.Location);
        }

        start.ArgumentList.Add(CommandLine.Host);
        start.ArgumentList.Add(CommandLine.SocketOption);
        start.ArgumentList.Add(socket);
        start.ArgumentList.Add(CommandLine.StopsWithInputOption);
        return new HostProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>Kills the process (SIGKILL), so that it cannot close its connections first.</summary>
    internal async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Asks the host to stop, waits for it and returns its exit code.</summary>
    internal async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
