using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Signals.Ipc;
using Signals.Ipc.Transport;

namespace Signals.Tests.Ipc.OwnTransports;

/// <summary>Connects to a <see cref="TlsListener"/>.</summary>
internal sealed class TlsConnector(IpcEndpoint endpoint, string name) : IpcConnector
{
    public override IpcEndpoint Endpoint => endpoint;

    public override async Task<IpcTransport> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint.Host!, endpoint.Port!.Value, cancellationToken);
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = "host",
                ClientCertificates = [TlsListener.CreateCertificate(name)],
                EnabledSslProtocols = SslProtocols.Tls12,
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.Subject == "CN=host",
            };
            await stream.AuthenticateAsClientAsync(options, cancellationToken);
            return IpcTransport.FromStream(stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
