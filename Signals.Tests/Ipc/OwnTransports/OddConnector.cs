using Signals.Ipc;
using Signals.Ipc.Transport;

namespace Signals.Tests.Ipc.OwnTransports;

/// <summary>A connector whose attempts a test determines.</summary>
internal sealed class OddConnector(IpcEndpoint endpoint, Func<CancellationToken, Task<IpcTransport>> connect) : IpcConnector
{
    public override IpcEndpoint Endpoint => endpoint;

    public override Task<IpcTransport> ConnectAsync(CancellationToken cancellationToken) => connect(cancellationToken);
}
