using Google.Protobuf;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tool.Hosts;

/// <summary>Asks a host for its state, again and again.</summary>
internal sealed class StatusSource : IDisposable
{
    private readonly SignalsControlProxy _control;
    private readonly Ipc.CallOptions _options;

    private StatusSource(SignalsControlProxy control, Ipc.CallOptions options)
    {
        _control = control;
        _options = options;
    }

    /// <exception cref="ToolException">The host does not report its state.</exception>
    internal static async Task<StatusSource> OpenAsync(HostSession host, CancellationToken cancellationToken)
    {
        var control = new SignalsControlProxy();
        if (await host.TryBindAsync(control, cancellationToken).ConfigureAwait(false))
        {
            return new StatusSource(control, host.BuiltIn);
        }

        control.Dispose();
        throw NoStatus();
    }

    /// <exception cref="ToolException">The host does not report its state.</exception>
    internal async Task<HostStatus> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            byte[] bytes = await MessagePartReader
                .ReadAsync(_control.StatusAsync(new ControlEmpty(), _options, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return HostStatus.Parser.ParseFrom(bytes);
        }
        catch (IpcCallException exception) when (exception.StatusCode == IpcStatusCode.Unimplemented)
        {
            throw NoStatus();
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ToolException(ToolExit.Failed, $"The status of the host is not valid: {exception.Message}");
        }
    }

    public void Dispose() => _control.Dispose();

    private static ToolException NoStatus() =>
        new(ToolExit.Failed, "Unimplemented: The host does not report its state. Set IpcHostOptions.DescribesItself.");
}
