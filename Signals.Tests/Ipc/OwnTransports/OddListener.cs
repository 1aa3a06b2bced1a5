using System.Threading.Channels;
using Signals.Ipc;
using Signals.Ipc.Transport;

namespace Signals.Tests.Ipc.OwnTransports;

/// <summary>A listener and a connector that meet within the process. A test may prepare both ends of each connection.</summary>
internal sealed class OddListener : IpcListener
{
    private readonly Channel<IpcTransport> _accepted = Channel.CreateUnbounded<IpcTransport>();

    public override IpcEndpoint Endpoint { get; } = IpcEndpoint.InMemory($"odd {Guid.NewGuid()}");

    /// <summary>Gets or sets the function that prepares the ends of a connection, with the number of the connection: 1, 2, …</summary>
    internal Action<int, OddTransport, OddTransport> OnConnecting { get; set; } = static (_, _, _) => { };

    /// <summary>Gets or sets the function that is called before a client is accepted.</summary>
    internal Action OnAccepting { get; set; } = static () => { };

    internal int Connections { get; private set; }

    public override async Task<IpcTransport> AcceptAsync(CancellationToken cancellationToken)
    {
        OnAccepting();
        return await _accepted.Reader.ReadAsync(cancellationToken);
    }

    public override void Dispose() => _accepted.Writer.TryComplete();

    internal IpcTransport Connect()
    {
        (OddTransport client, OddTransport host) = OddTransport.CreatePair();
        OnConnecting(++Connections, client, host);
        return _accepted.Writer.TryWrite(host) ? client : throw new IOException("The listener has ended.");
    }
}
