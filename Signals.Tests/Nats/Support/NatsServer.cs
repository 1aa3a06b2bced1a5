using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Signals.Tests.Nats;

/// <summary>A nats-server in a process of its own, on a free port. Disposing the object ends it by its process id.</summary>
internal sealed class NatsServer : IDisposable
{
    private static readonly string[] Folders = ["/usr/sbin", "/usr/local/bin", "/usr/bin"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nats");
    private readonly string[] _arguments;
    private Process? _process;

    private NatsServer(int port, string[] arguments)
    {
        Port = port;
        _arguments = arguments;
    }

    /// <summary>Gets the path of the program, or null if it is not installed.</summary>
    internal static string? Program { get; } =
        Folders
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .Select(static folder => Path.Combine(folder, "nats-server"))
            .FirstOrDefault(File.Exists);

    internal int Port { get; }

    internal string Url => string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{Port}");

    /// <summary>Starts a server.</summary>
    internal static NatsServer Start(params string[] arguments) => StartOn(FreePort(), arguments);

    /// <summary>Starts a server with a configuration.</summary>
    internal static NatsServer StartConfigured(string configuration)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("nats-conf").FullName, "nats.conf");
        File.WriteAllText(path, configuration);
        return StartOn(FreePort(), ["-c", path]);
    }

    /// <summary>Starts a server on a port.</summary>
    internal static NatsServer StartOn(int port, string[] arguments)
    {
        var server = new NatsServer(port, arguments);
        server.Run();
        return server;
    }

    /// <summary>Returns a free port. Those above are given to other connections by the system at any time.</summary>
    internal static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Used.
            }
        }
    }

    /// <summary>Starts the server again, on its port.</summary>
    internal void Run()
    {
        string program = Program ?? throw new InvalidOperationException("nats-server is not installed. The test has to say that it needs it.");
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "-a",
            "127.0.0.1",
            "-p",
            Port.ToString(CultureInfo.InvariantCulture),
            "-l",
            Path.Combine(_folder.FullName, "log"),
            .. _arguments,
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        _process = Process.Start(start)!;
        Bounded.Until(Accepts, "the server to accept connections");
    }

    /// <summary>Kills the server.</summary>
    internal void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Sends a signal of the system to the server, for example STOP or CONT.</summary>
    internal void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-s", name, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }

        _folder.Delete(recursive: true);
    }

    private bool Accepts()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
