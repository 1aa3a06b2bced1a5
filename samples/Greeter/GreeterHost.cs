using Signals;
using Signals.Ipc;

namespace Greeter;

/// <summary>The command "host": offers the service until it is stopped.</summary>
internal static class GreeterHost
{
    internal static async Task RunAsync(IpcEndpoint endpoint, bool stopsWithInput, Narrator narrator, CancellationToken stop)
    {
        await using var host = new IpcHost();
        host.ClientConnected.Connect(client => narrator.Host($"signal ClientConnected: client {client.Id}, {Describe(client)}"));
        host.ClientDisconnected.Connect((client, reason) => narrator.Host($"signal ClientDisconnected: client {client.Id}. {reason}"));
        host.Expose(new GreeterService(TimeProvider.System));
        host.Expose(new GuestBookService());
        IpcEndpoint listening = host.Start(endpoint);
        narrator.Host($"process {Environment.ProcessId} listens on {listening}");

        await WaitForEndAsync(stopsWithInput, stop);
        narrator.Host("stops");
        await host.StopAsync(CancellationToken.None);
    }

    private static string Describe(ClientInfo client) => client.ProcessId is { } process ? $"process {process}" : "unknown process";

    private static async Task WaitForEndAsync(bool stopsWithInput, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);
        Task inputEnded = stopsWithInput ? Console.In.ReadToEndAsync(stop) : stopped.Task;
        await Task.WhenAny(stopped.Task, inputEnded);
    }
}
