using System.Net;
using System.Net.Sockets;

namespace Signals.Ipc.Sockets;

/// <summary>A socket that accepts connections; each is a signal.</summary>
internal sealed class IpcListener : IDisposable
{
    private const int Backlog = 512;

    /// <summary>How long accepting pauses until it looks again whether there is something left to accept with.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a host may take between making its socket file and listening: one that is older and refuses is dead.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;

    /// <summary>The file that the socket is bound to, or null.</summary>
    private readonly SocketFile? _file;
    private readonly IpcConnectionSettings _settings;
    private readonly CancellationTokenSource _ended = new();
    private readonly DescriptorReserve _reserve = DescriptorReserve.OfProcess();

    /// <summary>Whether nobody has been accepted since accepting had to pause. Used by the accepting loop alone.</summary>
    private bool _isPaused;

    private IpcListener(Socket socket, SocketFile? file, IpcEndpoint endpoint, IpcConnectionSettings settings)
    {
        _socket = socket;
        _file = file;
        _settings = settings;
        Endpoint = endpoint;
    }

    /// <summary>Raised for every connection, on a thread of the pool, one at a time. Whoever takes the socket has to dispose it.</summary>
    internal Signal<Socket> Accepted { get; } = new();

    /// <summary>Where it listens. Of TCP port 0 this tells the port that was chosen.</summary>
    internal IpcEndpoint Endpoint { get; }

    /// <summary>Begins to listen; nothing is accepted before <see cref="Start"/>.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="fileMode">Who may connect, for a socket file.</param>
    /// <param name="settings">The time and the log.</param>
    /// <exception cref="IpcException">It cannot listen there; the message says why and what to do.</exception>
    internal static IpcListener Listen(IpcEndpoint endpoint, UnixFileMode fileMode, IpcConnectionSettings settings)
    {
        string? path = endpoint.Path;
        using StartLock? starting = path is null ? null : StartLock.Take(path);
        Socket socket = endpoint.CreateSocket();
        try
        {
            if (path is not null)
            {
                RemoveDeadSocket(endpoint, path);
            }

            socket.Bind(AddressToBind(endpoint));

            // Nobody can connect before it listens, so nobody gets in by the mode that the file was made with.
            SocketFile? file = path is null ? null : new SocketFile(path, fileMode);
            socket.Listen(Backlog);
            return new IpcListener(socket, file, socket.LocalEndPoint is IPEndPoint bound ? endpoint.WithPort(bound.Port) : endpoint, settings);
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            throw SocketFailures.DescribeListen(endpoint, exception);
        }
        catch (IpcException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Begins to accept.</summary>
    internal void Start() => ThreadPool.UnsafeQueueUserWorkItem(static listener => _ = listener.AcceptAsync(), this, preferLocal: false);

    /// <summary>Ends the listening and removes the socket file. A client that has been accepted just before may still be raised.</summary>
    public void Dispose()
    {
        // Not the signal: a client that is accepted beside this is handed to the host, which refuses it. Nothing else would close its socket.
        _ended.Cancel();
        _file?.Remove();
        _socket.Dispose();
    }

    private static EndPoint AddressToBind(IpcEndpoint endpoint) =>
        endpoint.ToEndPoint() switch
        {
            DnsEndPoint name => new IPEndPoint(Dns.GetHostAddresses(name.Host)[0], name.Port),
            UnixDomainSocketEndPoint unix => new KeptFileEndPoint(unix),
            EndPoint other => other,
        };

    /// <summary>Removes a socket file that a host left behind, and refuses one that is alive or no socket.</summary>
    private static void RemoveDeadSocket(IpcEndpoint endpoint, string path)
    {
        while (File.Exists(path))
        {
            DateTime written = File.GetLastWriteTimeUtc(path);
            if (IsAlive(endpoint, path))
            {
                throw new IpcException($"Listening on {endpoint} failed: a living host listens there. Stop it, or choose another path.");
            }

            // A host of another make that is just starting has made its file and does not listen yet.
            if ((DateTime.UtcNow - written).Duration() > StartTime)
            {
                File.Delete(path);
            }
            else
            {
                Thread.Sleep(1);
            }
        }
    }

    /// <summary>Whether somebody listens on a socket file.</summary>
    /// <exception cref="IpcException">What is there is no socket file, or cannot be reached.</exception>
    private static bool IsAlive(IpcEndpoint endpoint, string path)
    {
        using Socket probe = endpoint.CreateSocket();

        // A living host that accepts nobody at the moment must not make this one wait.
        probe.Blocking = false;
        try
        {
            probe.Connect(endpoint.ToEndPoint());
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
        {
            return true;
        }
        catch (SocketException) when (!File.Exists(path))
        {
            // It has gone meanwhile.
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused && SocketFile.IsSocket(path))
        {
            return false;
        }
        catch (SocketException exception)
        {
            string what =
                exception.SocketErrorCode == SocketError.AccessDenied ? "a socket or file of another user. Run as that user"
                : SocketFile.IsSocket(path) ? $"a socket that cannot be reached ({exception.Message}). Remove it"
                : "a file that is no socket. Remove it";
            throw new IpcException($"Listening on {endpoint} failed: there is {what}, or choose another path.", exception);
        }
    }

    private static bool IsOutOfResources(SocketError error) =>
        error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.SystemNotReady or SocketError.ProcessLimit;

    private async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                if (!_reserve.HasRoom())
                {
                    await PauseAsync("The process has hardly any descriptors left.").ConfigureAwait(false);
                    continue;
                }

                Socket socket = await _socket.AcceptAsync(_ended.Token).ConfigureAwait(false);
                if (Endpoint.IsTcp)
                {
                    TcpSettings.Apply(socket);
                }

                if (_isPaused)
                {
                    _isPaused = false;
                    IpcLog.AcceptResumed(_settings.Logger, Endpoint);
                }

                Accepted.Emit(socket);
            }
            catch (SocketException exception) when (IsOutOfResources(exception.SocketErrorCode))
            {
                await PauseAsync(exception.Message).ConfigureAwait(false);
            }
            catch (SocketException exception) when (!_ended.IsCancellationRequested)
            {
                // A client that gave up while it was waiting; the next one is not to blame.
                IpcLog.AcceptFailed(_settings.Logger, Endpoint, exception.Message);
            }
            catch (Exception exception) when (SocketFailures.IsExpected(exception))
            {
                return;
            }
        }
    }

    /// <summary>Leaves those who come in the system's queue for a while. Says so once, however long it lasts.</summary>
    private async Task PauseAsync(string cause)
    {
        if (!_isPaused)
        {
            _isPaused = true;
            IpcLog.AcceptPaused(_settings.Logger, Endpoint, cause);
        }

        await Task.Delay(Pause, _settings.TimeProvider, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
