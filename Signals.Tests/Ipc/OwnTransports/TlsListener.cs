using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Signals.Ipc;
using Signals.Ipc.Transport;

namespace Signals.Tests.Ipc.OwnTransports;

/// <summary>A transport as a user writes it, over TLS with certificates of both sides.</summary>
internal sealed class TlsListener : IpcListener
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = CreateCertificate("CN=host");

    internal TlsListener() => _listener.Start();

    public override IpcEndpoint Endpoint => IpcEndpoint.Tcp("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    public override async Task<IpcTransport> AcceptAsync(CancellationToken cancellationToken) =>
        new ServerTransport(await _listener.AcceptTcpClientAsync(cancellationToken), _certificate);

    public override void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    internal static X509Certificate2 CreateCertificate(string name)
    {
        using var key = ECDsa.Create();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 ephemeral = new CertificateRequest(name, key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now - TimeSpan.FromDays(1),
            now + TimeSpan.FromDays(1)
        );
        return X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pfx), password: null);
    }

    private sealed class ServerTransport(TcpClient client, X509Certificate2 certificate) : IpcTransport
    {
        private readonly SslStream _stream = new(client.GetStream());

        public override async ValueTask<PeerIdentity?> IdentifyPeerAsync(CancellationToken cancellationToken)
        {
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null,
            };
            await _stream.AuthenticateAsServerAsync(options, cancellationToken);
            return new PeerIdentity { Name = _stream.RemoteCertificate!.Subject };
        }

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _stream.ReadAsync(buffer);

        public override async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
        {
            await _stream.WriteAsync(bytes);
            return bytes.Length;
        }

        public override void Dispose()
        {
            _stream.Dispose();
            client.Dispose();
        }
    }
}
