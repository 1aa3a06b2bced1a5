using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Signals.Tests.Product.Samples;

/// <summary>Receives metrics and traces over HTTP, as a collector of OpenTelemetry does.</summary>
internal sealed class TelemetryCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, string> _received = [];

    internal TelemetryCollector()
    {
        Address = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = ReceiveAsync();
    }

    internal string Address { get; }

    /// <summary>Returns all that was received at a path, in which the names of instruments can be found.</summary>
    internal string Received(string path)
    {
        lock (_received)
        {
            return _received.GetValueOrDefault(path, "");
        }
    }

    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext request = await _listener.GetContextAsync();
                using var reader = new StreamReader(request.Request.InputStream, Encoding.Latin1);
                string body = await reader.ReadToEndAsync();
                lock (_received)
                {
                    string path = request.Request.Url!.AbsolutePath;
                    _received[path] = _received.GetValueOrDefault(path, "") + body;
                }

                request.Response.Close();
            }
        }
        catch (Exception) when (!_listener.IsListening)
        {
            // The test has ended.
        }
    }
}
