using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>Accepts the clients of one UNIX socket, or of the TCP sockets of one endpoint.</summary>
internal sealed class SocketListener : TransportListener
{
    /// <summary>The time after which paused accepting checks again whether resources are available.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The interval at which the socket file is checked for existence. A check is one system call, whereas a file system watch would use one of the
    /// few that a user may have.
    /// </summary>
    private static readonly TimeSpan FileCheckPeriod = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<Socket> _sockets;

    /// <summary>The file that the socket is bound to, or null if it has none.</summary>
    private readonly SocketFile? _file;

    /// <summary>The clients that were accepted before <see cref="Start"/>.</summary>
    private readonly ConcurrentQueue<Socket> _early;
    private readonly ListenerSettings _settings;
    private readonly CancellationTokenSource _ended = new();
    private readonly DescriptorReserve _reserve = DescriptorReserve.OfProcess();

    /// <summary>The timer for checks of the socket file. It uses the system time, because files do not follow the time of a test.</summary>
    private readonly ITimer? _fileCheck;

    /// <summary>One once the listener has been disposed.</summary>
    private int _isDisposed;

    /// <summary>One if accepting has paused and no client has been accepted since.</summary>
    private int _isPaused;

    private SocketListener(OpenedSockets opened, ListenerSettings settings)
    {
        _sockets = opened.Sockets;
        _file = opened.File;
        _early = new ConcurrentQueue<Socket>(opened.Early);
        _settings = settings;
        Endpoint = opened.Endpoint;
        _fileCheck = _file is null
            ? null
            : TimeProvider.System.CreateTimer(static listener => ((SocketListener)listener!).CheckFile(), this, FileCheckPeriod, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    internal override IpcEndpoint Endpoint { get; }

    /// <summary>Starts to listen, like <see cref="Transports.Listen"/>.</summary>
    internal static SocketListener Listen(IpcEndpoint endpoint, ListenerSettings settings, CancellationToken cancellationToken = default) =>
        new(ListenerOpening.Open(endpoint, settings.SocketFileMode, cancellationToken), settings);

    /// <summary>Starts to listen, without blocking the thread while it waits.</summary>
    internal static async Task<SocketListener> ListenAsync(IpcEndpoint endpoint, ListenerSettings settings, CancellationToken cancellationToken) =>
        new(await ListenerOpening.OpenAsync(endpoint, settings.SocketFileMode, cancellationToken).ConfigureAwait(false), settings);

    /// <summary>Returns a listener for a socket that is listening already. The listener does not remove its socket file.</summary>
    internal static SocketListener Adopt(Socket socket, IpcEndpoint endpoint, ListenerSettings settings) =>
        new(new OpenedSockets(endpoint, [socket]), settings);

    /// <inheritdoc/>
    internal override void Start()
    {
        foreach (Socket socket in _sockets)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static accept => _ = accept.Listener.AcceptAsync(accept.Socket),
                (Listener: this, Socket: socket),
                preferLocal: false
            );
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        // The signal is not disposed: a client that is accepted concurrently is passed to the host, which refuses it and closes its socket.
        _fileCheck?.Dispose();
        try
        {
            // Before the socket is closed: until then, no other file can have the same identity.
            _file?.Remove();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SocketFailures.DescribeRemoval(Endpoint, exception);
        }
        finally
        {
            foreach (Socket socket in _sockets)
            {
                socket.Dispose();
            }

            while (_early.TryDequeue(out Socket? client))
            {
                client.Dispose();
            }

            _ended.Cancel();
        }
    }

    private static bool IsOutOfResources(SocketError error) =>
        error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.SystemNotReady or SocketError.ProcessLimit;

    private async Task AcceptAsync(Socket listening)
    {
        while (_early.TryDequeue(out Socket? client))
        {
            Accepted.Emit(new SocketTransport(client));
        }

        while (!_ended.IsCancellationRequested)
        {
            try
            {
                if (!_reserve.HasRoom())
                {
                    await PauseAsync("The process has few descriptors left.").ConfigureAwait(false);
                    continue;
                }

                Socket socket = await listening.AcceptAsync(_ended.Token).ConfigureAwait(false);
                if (Endpoint.IsTcp)
                {
                    TcpSettings.Apply(socket);
                }

                if (Volatile.Read(ref _isPaused) != 0 && Interlocked.Exchange(ref _isPaused, 0) != 0)
                {
                    TransportLog.AcceptResumed(_settings.Logger, Endpoint);
                }

                Accepted.Emit(new SocketTransport(socket));
            }
            catch (SocketException exception) when (IsOutOfResources(exception.SocketErrorCode))
            {
                await PauseAsync(exception.Message).ConfigureAwait(false);
            }
            catch (SocketException exception) when (Volatile.Read(ref _isDisposed) == 0)
            {
                // The client disconnected before it was accepted; this does not affect other clients.
                TransportLog.AcceptFailed(_settings.Logger, Endpoint, exception.Message);
            }
            catch (Exception exception) when (SocketFailures.IsExpected(exception))
            {
                return;
            }
        }
    }

    /// <summary>Leaves connecting clients in the system's queue for a while. Logs the pause once, regardless of its duration.</summary>
    private async Task PauseAsync(string cause)
    {
        if (Interlocked.Exchange(ref _isPaused, 1) == 0)
        {
            TransportLog.AcceptPaused(_settings.Logger, Endpoint, cause);
        }

        await Task.Delay(Pause, _settings.TimeProvider, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// Checks whether the socket file still exists. If not, logs it once: new clients cannot find the host, which does not notice otherwise.
    /// </summary>
    private void CheckFile()
    {
        bool isThere;
        try
        {
            isThere = _file!.IsInPlace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder cannot be read at the moment, so it is unknown whether the file exists.
            isThere = true;
        }

        if (Volatile.Read(ref _isDisposed) != 0)
        {
            return;
        }

        if (isThere)
        {
            _fileCheck!.Change(FileCheckPeriod, Timeout.InfiniteTimeSpan);
        }
        else
        {
            TransportLog.FileGone(_settings.Logger, Endpoint);
        }
    }
}
