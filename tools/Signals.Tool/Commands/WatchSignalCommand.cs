using Signals.Ipc;
using Signals.Remote;
using Signals.Remote.Wire;
using Signals.Tool.Hosts;
using Signals.Tool.Json;
using Signals.Tool.Output;

namespace Signals.Tool.Commands;

/// <summary>The command "watch" of a signal or a property: its values, until Ctrl+C.</summary>
internal sealed class WatchSignalCommand
{
    private readonly ToolRequest _request;
    private readonly string _type;
    private readonly SignalValueFormatter _formatter;

    /// <summary>Completed with the exit code, or failed.</summary>
    private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WatchSignalCommand(ToolRequest request, string type, MessageTypes types)
    {
        _request = request;
        _type = type;
        _formatter = new SignalValueFormatter(new MessageFormatter(types));
    }

    internal static async Task<int> RunAsync(ToolRequest request, string name, CancellationToken cancellationToken)
    {
        ServiceCatalog? file = await request.ReadFileAsync(cancellationToken).ConfigureAwait(false);
        ExportInfo signal;
        MessageTypes types;

        // A connection of its own: the numbers of the streams of an exchange belong to one user of a connection.
        await using (HostSession host = await request.ConnectAsync(cancellationToken).ConfigureAwait(false))
        {
            IReadOnlyList<ExportInfo> signals = await host.ListSignalsAsync(cancellationToken).ConfigureAwait(false);
            signal =
                signals.FirstOrDefault(candidate => candidate.Name == name)
                ?? throw new ToolException(ToolExit.Failed, $"{nameof(IpcStatusCode.NotFound)}: The host exports no signal {name} to this client.");
            types = file?.Types ?? await TypesOfAsync(host, cancellationToken).ConfigureAwait(false);
        }

        return await new WatchSignalCommand(request, signal.Type, types).WatchAsync(signal, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the types of the messages of the host's services, as far as it describes them.</summary>
    private static async Task<MessageTypes> TypesOfAsync(HostSession host, CancellationToken cancellationToken) =>
        await host.TryDescribeAsync(service: null, cancellationToken).ConfigureAwait(false) is { } description
            ? ServiceCatalog.Of(description).Types
            : new MessageTypes();

    private async Task<int> WatchAsync(ExportInfo signal, CancellationToken cancellationToken)
    {
        await using HostSession host = await _request.ConnectAsync(cancellationToken).ConfigureAwait(false);
        host.Client.Disconnected.Connect(reason => _end.TrySetException(new ToolException(ToolExit.NotConnected, reason.Message)));
        using RemoteImport import = Import(host.Client, signal);
        import.Missed.Connect(OnMissed);
        import.StateChanged.Connect(state => OnState(import, state));
        using IDisposable live = import.KeepLive();
        return await (
            _request.Timeout is { } timeout ? _end.Task.WaitAsync(timeout, TimeProvider.System, cancellationToken) : _end.Task.WaitAsync(cancellationToken)
        ).ConfigureAwait(false);
    }

    private RemoteImport Import(IpcClient client, ExportInfo signal)
    {
        var codec = new RawCodec(signal.Type);
        if (signal.IsProperty)
        {
            RemoteProperty<byte[]?> property = client.ImportProperty(signal.Name, codec);
            property.Connect(OnValue);
            return property;
        }

        RemoteSignal<byte[]?> import = client.Import(signal.Name, codec);
        import.Connect(OnValue);
        return import;
    }

    private void OnValue(byte[]? value)
    {
        try
        {
            ToolConsole console = _request.Console;
            console.WriteLine(
                JsonText.Of(isIndented: false, writer => _formatter.Write(writer, _type, value is null ? (ReadOnlyMemory<byte>?)null : value))
            );
        }
        catch (Exception exception) when (exception is MappingException or IOException)
        {
            _end.TrySetException(
                exception is MappingException ? new ToolException(ToolExit.Failed, $"The value has no JSON. {exception.Message}") : exception
            );
        }
    }

    private void OnMissed(Missed missed) => _request.Console.WriteError($"Missed {(missed.Count is { } count ? $"{count}" : "some")}: {missed.Cause}.");

    private void OnState(RemoteImport import, RemoteState state)
    {
        if (state == RemoteState.Refused)
        {
            _end.TrySetException(
                new ToolException(ToolExit.Failed, $"{nameof(IpcStatusCode.PermissionDenied)}: The host refuses {import.Name}: {import.StateReason}")
            );
        }
    }
}
