using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signals.Ipc;

namespace Signals.Hosting.Running;

/// <summary>The time since a client was connected, and the reason for the loss. Thread-safe.</summary>
internal sealed class ConnectionHistory
{
    private readonly TimeProvider _time;

    /// <summary>The time without a connection, or null while the client is connected. Written by the client's evaluator.</summary>
    private volatile Outage? _outage;

    internal ConnectionHistory(IServiceProvider services)
    {
        _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        _outage = new Outage(_time.GetTimestamp(), null);
    }

    /// <summary>Gets the time for which the client has not been connected, and the last reason, or null before the first attempt has failed.</summary>
    internal (TimeSpan Time, string? Reason) Current =>
        _outage is { } outage ? (_time.GetElapsedTime(outage.Start), outage.Reason) : (TimeSpan.Zero, null);

    /// <summary>Follows the signals of a client. The connections end with the client.</summary>
    internal void Watch(IpcClient client, ILogger logger)
    {
        client.Connected.Connect(() =>
        {
            _outage = null;
            HostingLog.Connected(logger, client.Endpoint);
        });
        client.Disconnected.Connect(reason => Fail(client, reason, logger));
        client.ConnectFailed.Connect(reason => Fail(client, reason, logger));
    }

    private void Fail(IpcClient client, DisconnectReason reason, ILogger logger)
    {
        Outage? outage = _outage;
        _outage = new Outage(outage?.Start ?? _time.GetTimestamp(), reason.Message);

        // Logged once for each outage, in which many attempts to connect may fail.
        if (outage?.Reason is null)
        {
            HostingLog.NotConnected(logger, client.Endpoint, reason.Message);
        }
    }

    /// <summary>A time without a connection.</summary>
    /// <param name="Start">The timestamp of the loss.</param>
    /// <param name="Reason">The last reason, or null before the first attempt has failed.</param>
    private sealed record Outage(long Start, string? Reason);
}
