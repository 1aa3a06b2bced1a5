using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Remote.Wire;

namespace Signals.Tool.Hosts;

/// <summary>A connection to a host.</summary>
internal sealed class HostSession : IAsyncDisposable
{
    /// <summary>The time limit of a connection, and of the calls of built-in services, unless the user has set one.</summary>
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The number of pings. The first ones compile the code and are not measured.</summary>
    private const int Pings = 4;

    private readonly IpcClient _client;
    private readonly TimeSpan _timeout;

    private HostSession(IpcClient client, TimeSpan timeout)
    {
        _client = client;
        _timeout = timeout;
    }

    internal IpcClient Client => _client;

    /// <summary>Gets the options of calls of built-in services.</summary>
    internal Ipc.CallOptions BuiltIn => new() { Timeout = _timeout };

    /// <summary>Connects to a host.</summary>
    /// <exception cref="ToolException">The host cannot be reached.</exception>
    internal static async Task<HostSession> ConnectAsync(IpcEndpoint endpoint, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        TimeSpan limit = timeout ?? DefaultTimeout;
        var client = new IpcClient(endpoint, new IpcClientOptions { ConnectTimeout = limit });
        try
        {
            await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
            return new HostSession(client, limit);
        }
        catch (IpcException exception)
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw new ToolException(ToolExit.NotConnected, exception.Message);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    /// <summary>Binds a proxy.</summary>
    /// <exception cref="ToolException">The host does not have the service.</exception>
    internal async Task BindAsync(ServiceProxy proxy, string service, CancellationToken cancellationToken)
    {
        if (!await TryBindAsync(proxy, cancellationToken).ConfigureAwait(false))
        {
            throw new ToolException(ToolExit.Failed, $"{nameof(IpcStatusCode.Unimplemented)}: The host has no service {service}.");
        }
    }

    /// <summary>Asks the host to describe its services, or one of them. Returns null if it does not describe itself.</summary>
    internal async Task<HostDescription?> TryDescribeAsync(string? service, CancellationToken cancellationToken)
    {
        using var control = new SignalsControlProxy();
        if (!await TryBindAsync(control, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var request = new DescribeRequest();
        if (service is not null)
        {
            request.Service = service;
        }

        try
        {
            byte[] bytes = await MessagePartReader
                .ReadAsync(control.DescribeAsync(request, BuiltIn, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return HostDescription.Parser.ParseFrom(bytes);
        }
        catch (IpcCallException exception) when (exception.StatusCode == IpcStatusCode.Unimplemented)
        {
            return null;
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ToolException(ToolExit.Failed, $"The description of the host is not valid: {exception.Message}");
        }
    }

    /// <summary>Returns the services of the host.</summary>
    /// <exception cref="ToolException">The host does not describe itself.</exception>
    internal async Task<ServiceCatalog> DescribeAsync(string? service, CancellationToken cancellationToken)
    {
        HostDescription description =
            await TryDescribeAsync(service, cancellationToken).ConfigureAwait(false) ?? throw new ToolException(ToolExit.Failed, NoDescription);
        return ServiceCatalog.Of(description);
    }

    /// <summary>The text about a host that does not describe itself.</summary>
    internal const string NoDescription =
        "Unimplemented: The host does not describe its services. Pass a file that declares them with --proto, or set IpcHostOptions.DescribesItself.";

    /// <summary>Returns a value that indicates whether the host has a service.</summary>
    internal async Task<bool> HasAsync(ServiceDescriptor service, CancellationToken cancellationToken)
    {
        MethodDescriptor? method = service.Methods.FirstOrDefault(static method => !method.IsClientStreaming);
        if (method is null)
        {
            return false;
        }

        using var proxy = new RawProxy(method);
        return await TryBindAsync(proxy, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the signals that the client may import, in the order of their names. Needs a connection without other imports.</summary>
    internal async Task<IReadOnlyList<ExportInfo>> ListSignalsAsync(CancellationToken cancellationToken)
    {
        SignalList? signals = await SignalList.OpenAsync(this, cancellationToken).ConfigureAwait(false);
        if (signals is null)
        {
            return [];
        }

        await using (signals.ConfigureAwait(false))
        {
            return await signals.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Measures the time of a round trip: a ping, or the reply to a binding if the host does not have pings.</summary>
    internal async Task<TimeSpan> PingAsync(CancellationToken cancellationToken)
    {
        using var control = new SignalsControlProxy();
        long start = Stopwatch.GetTimestamp();
        bool hasPings = await TryBindAsync(control, cancellationToken).ConfigureAwait(false);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        for (int ping = 0; hasPings && ping < Pings; ping++)
        {
            start = Stopwatch.GetTimestamp();
            await control.PingAsync(new ControlPing(), BuiltIn, cancellationToken).ConfigureAwait(false);
            time = Stopwatch.GetElapsedTime(start);
        }

        return time;
    }

    /// <summary>Binds a proxy. Returns false if the host does not have the service.</summary>
    internal async Task<bool> TryBindAsync(ServiceProxy proxy, CancellationToken cancellationToken)
    {
        try
        {
            await _client.BindAsync(proxy, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (IpcDisconnectedException exception) when (exception.Reason.Cause == DisconnectCause.Refused)
        {
            return false;
        }
    }
}
