using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Signals.Benchmarks.Nats;

/// <summary>A nats-server in a process of its own, which ends with the object.</summary>
internal sealed class NatsServer : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private NatsServer(Process process, int port)
    {
        _process = process;
        Url = string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{port}");
    }

    internal string Url { get; }

    /// <summary>Starts a server.</summary>
    /// <exception cref="FormatException">The program is not installed.</exception>
    internal static NatsServer Start()
    {
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin");
        string program =
            folders.Select(static folder => Path.Combine(folder, "nats-server")).FirstOrDefault(File.Exists)
            ?? throw new FormatException("This comparison needs nats-server. Install it: apt-get install nats-server");
        int port = FreePort();
        string[] arguments = ["-a", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-l", "/dev/null"];
        var server = new NatsServer(Process.Start(new ProcessStartInfo(program, arguments))!, port);
        long start = Stopwatch.GetTimestamp();
        while (!Accepts(port))
        {
            if (Stopwatch.GetElapsedTime(start) > StartLimit)
            {
                server.Dispose();
                throw new FormatException("nats-server did not start.");
            }

            Thread.Yield();
        }

        return server;
    }

    /// <summary>Returns a port that is not used, below those that the system gives to connections.</summary>
    internal static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(20_000, 32_000);
            if (!Accepts(port))
            {
                return port;
            }
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static bool Accepts(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
