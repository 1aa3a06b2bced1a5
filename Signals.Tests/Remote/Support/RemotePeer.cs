using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>An exporter or an importer in a separate process, which a test can kill and stop. Disposing the object ends the process.</summary>
internal sealed class RemotePeer : IDisposable
{
    private readonly Process _process;

    private RemotePeer(Process process) => _process = process;

    internal static async Task<RemotePeer> StartAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Signals.Tests.RemotePeer.dll"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        var peer = new RemotePeer(Process.Start(start)!);
        Assert.That(await peer.ReadAsync(), Is.EqualTo("ready"));
        return peer;
    }

    /// <summary>Sends a command and returns the reply.</summary>
    internal async Task<string> AskAsync(string command)
    {
        await SendAsync(command);
        return await ReadAsync();
    }

    /// <summary>Sends a command without waiting for the reply.</summary>
    internal async Task SendAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Returns the reply to a command.</summary>
    internal async Task<string> ReadAsync()
    {
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        await line.Within(Bounded.ProcessLimit, "a line of the other process");
        return await line ?? throw new AssertionException("The other process has ended.");
    }

    /// <summary>Asks an importer what it has received.</summary>
    internal async Task<Account> AccountAsync()
    {
        string[] parts = (await AskAsync("status")).Split(' ', 5);
        return new Account(
            long.Parse(parts[0], CultureInfo.InvariantCulture),
            long.Parse(parts[1], CultureInfo.InvariantCulture),
            int.Parse(parts[2], CultureInfo.InvariantCulture),
            [.. parts[3].Split(',').Select(Enum.Parse<RemoteState>)],
            parts[4]
        );
    }

    /// <summary>Kills the process, and waits for its end.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().Within(Bounded.ProcessLimit, "the end of the other process");
    }

    /// <summary>Stops all threads of the process, and waits until they are.</summary>
    internal void Stop()
    {
        Send("STOP");
        Bounded.Until(IsStopped, "the stop of the other process");
    }

    /// <summary>Lets a stopped process continue.</summary>
    internal void Continue() => Send("CONT");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.StandardInput.Dispose();
        _process.StandardOutput.Dispose();
        _process.Dispose();
    }

    private void Send(string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private bool IsStopped()
    {
        // "12 (dotnet) T …".
        string state = File.ReadAllText($"/proc/{_process.Id}/stat");
        return state.AsSpan(state.LastIndexOf(')') + 2).StartsWith("T");
    }

    /// <summary>The blocks of an importer.</summary>
    /// <param name="Received">The number of blocks that arrived.</param>
    /// <param name="Missed">The sum of the gaps that were reported.</param>
    /// <param name="Wrong">The number of blocks that did not have the expected number, and of gaps without a number.</param>
    /// <param name="States">The states of the import, in order.</param>
    /// <param name="Reason">The reason of the state, or nothing.</param>
    internal sealed record Account(long Received, long Missed, int Wrong, RemoteState[] States, string Reason);
}
