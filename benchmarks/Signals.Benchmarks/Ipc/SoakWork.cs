using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Greeter;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>The clients and hosts of a soak test, each kind in its own loop, and their numbers.</summary>
/// <param name="socket">The path of the host that runs throughout.</param>
/// <param name="socketOfVictim">The path of the hosts that are killed.</param>
internal sealed class SoakWork(string socket, string socketOfVictim)
{
    private const int Visitors = 3;
    private const int CallsInFlight = 16;
    private const int CallsOfVisit = 500;
    private const int WatchedMessages = 1_000;

    /// <summary>A number that is never reached.</summary>
    private const int EndlessCalls = 10_000_000;

    /// <summary>The time that a process works before it is killed.</summary>
    private static readonly TimeSpan WorkBeforeKill = TimeSpan.FromMilliseconds(50);

    private readonly IpcEndpoint _endpoint = IpcEndpoint.Parse(socket);

    private int _visits;
    private int _droppedSockets;
    private int _killedClients;
    private int _killedHosts;

    /// <summary>Runs all loops for the specified time.</summary>
    internal async Task RunAsync(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        bool IsTimeLeft() => Stopwatch.GetElapsedTime(start) < time;
        Func<Task>[] loops = [.. Enumerable.Repeat(VisitAsync, Visitors), DropSocketAsync, KillClientAsync, KillHostAsync];
        await Task.WhenAll(
            loops.Select(once =>
                Task.Run(async () =>
                {
                    while (IsTimeLeft())
                    {
                        await once();
                    }
                })
            )
        );
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_visits:#,0} visits, {_droppedSockets:#,0} dropped sockets, {_killedClients:#,0} killed clients, {_killedHosts:#,0} killed hosts"
        );

    /// <summary>Runs a regular client that leaves a stream early.</summary>
    private async Task VisitAsync()
    {
        await using ClientSession session = await ClientSession.OpenAsync(_endpoint);
        Require(CallsOfVisit, await Calls.RunAsync(session.Proxy, CallsOfVisit, CallsInFlight));
        Require(WatchedMessages, await Calls.WatchAsync(session.Proxy, WatchedMessages));
        await foreach (GreeterReplyMsg _ in session.Proxy.WatchGreetingsAsync(Calls.CreateRequest(WatchedMessages)))
        {
            break;
        }

        Interlocked.Increment(ref _visits);
    }

    /// <summary>Requests a long stream, sends a partial frame, and disconnects.</summary>
    private async Task DropSocketAsync()
    {
        using Socket dropped = RawSockets.Connect(socket);
        byte[] conversation =
        [
            // Request 1: bind the Greeter.
            .. (ReadOnlySpan<byte>)[13, 0, 0, 0, 0x10, 1, 0x1A, 9, 0x0A, 7],
            .. "Greeter"u8,
            // Request 2: method 3 of service 1, WatchGreetings.
            .. (ReadOnlySpan<byte>)[28, 0, 0, 0, 0x10, 2, 0x2A, 24, 0x08, 1, 0x10, 3, 0x1A, 18, 0x0A, 16],
            .. "0000000000100000"u8,
            // A partial frame.
            .. (ReadOnlySpan<byte>)[28, 0, 0, 0, 0x10],
        ];
        await dropped.SendAsync(conversation);
        await dropped.ReceiveAsync(new byte[conversation.Length]);
        _droppedSockets++;
    }

    /// <summary>Kills a client process with pending calls to the host of this process.</summary>
    private async Task KillClientAsync()
    {
        using var client = ChildProcess.Start(
            IpcCommands.Client,
            "--socket",
            socket,
            "--calls",
            EndlessCalls.ToString(CultureInfo.InvariantCulture),
            "--window",
            CallsInFlight.ToString(CultureInfo.InvariantCulture)
        );
        await client.WaitUntilReadyAsync();
        await Task.Delay(WorkBeforeKill);
        await client.KillAsync();
        _killedClients++;
    }

    /// <summary>Kills a host process with pending calls of a client of this process.</summary>
    private async Task KillHostAsync()
    {
        using var host = ChildProcess.Start(IpcCommands.Host, "--socket", socketOfVictim);
        await host.WaitUntilReadyAsync();
        await using ClientSession session = await ClientSession.OpenAsync(IpcEndpoint.Parse(socketOfVictim));
        Task<int> calls = Calls.RunAsync(session.Proxy, EndlessCalls, CallsInFlight);
        await Task.Delay(WorkBeforeKill);
        await host.KillAsync();
        try
        {
            await calls;
        }
        catch (IpcDisconnectedException)
        {
            _killedHosts++;
            return;
        }

        throw new InvalidOperationException("Calls to a killed host did not fail.");
    }

    private static void Require(int expected, int right)
    {
        if (right != expected)
        {
            throw new InvalidOperationException($"Only {right} of {expected} replies were correct.");
        }
    }
}
