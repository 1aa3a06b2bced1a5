using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Signals.Ipc.Sockets;

/// <summary>Accepts the connections of one endpoint, and emits a signal for each of them.</summary>
internal sealed class IpcListener : IDisposable
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
    private readonly IpcConnectionSettings _settings;
    private readonly CancellationTokenSource _ended = new();
    private readonly DescriptorReserve _reserve = DescriptorReserve.OfProcess();

    /// <summary>The timer for checks of the socket file. It uses the system time, because files do not follow the time of a test.</summary>
    private readonly ITimer? _fileCheck;

    /// <summary>One once the listener has been disposed.</summary>
    private int _isDisposed;

    /// <summary>One if accepting has paused and no client has been accepted since.</summary>
    private int _isPaused;

    private IpcListener(OpenedSockets opened, IpcConnectionSettings settings)
    {
        _sockets = opened.Sockets;
        _file = opened.File;
        _early = new ConcurrentQueue<Socket>(opened.Early);
        _settings = settings;
        Endpoint = opened.Endpoint;
        _fileCheck = _file is null
            ? null
            : TimeProvider.System.CreateTimer(static listener => ((IpcListener)listener!).CheckFile(), this, FileCheckPeriod, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Gets the signal that is emitted for every accepted connection, on the thread pool; concurrently if the endpoint has several addresses. The
    /// slot must dispose the socket.
    /// </summary>
    internal Signal<Socket> Accepted { get; } = new();

    /// <summary>Gets the endpoint that it listens on. TCP port 0 is replaced by the port that the system chose.</summary>
    internal IpcEndpoint Endpoint { get; }

    /// <summary>Starts to listen. No connection is accepted before <see cref="Start"/>.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="fileMode">The mode of the socket file, if the endpoint is one.</param>
    /// <param name="settings">The time provider and the logger.</param>
    /// <param name="cancellationToken">Ends the wait for another host that is starting at the same path, which lasts a few seconds at most.</param>
    /// <exception cref="IpcException">The host cannot listen on the endpoint; the message states the reason and a remedy.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled while the listener waited.</exception>
    internal static IpcListener Listen(
        IpcEndpoint endpoint,
        UnixFileMode fileMode,
        IpcConnectionSettings settings,
        CancellationToken cancellationToken = default
    ) => new(ListenerOpening.Open(endpoint, fileMode, cancellationToken), settings);

    /// <summary>Starts to listen, like <see cref="Listen"/>, without blocking the thread while it waits.</summary>
    internal static async Task<IpcListener> ListenAsync(
        IpcEndpoint endpoint,
        UnixFileMode fileMode,
        IpcConnectionSettings settings,
        CancellationToken cancellationToken
    ) => new(await ListenerOpening.OpenAsync(endpoint, fileMode, cancellationToken).ConfigureAwait(false), settings);

    /// <summary>Starts to accept connections.</summary>
    internal void Start()
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

    /// <summary>
    /// Stops listening and removes the socket file. A signal for a client that was accepted before may still follow. All sockets are closed even if
    /// this throws.
    /// </summary>
    /// <exception cref="IpcException">The socket file could not be removed.</exception>
    public void Dispose()
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
            Accepted.Emit(client);
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
                    IpcLog.AcceptResumed(_settings.Logger, Endpoint);
                }

                Accepted.Emit(socket);
            }
            catch (SocketException exception) when (IsOutOfResources(exception.SocketErrorCode))
            {
                await PauseAsync(exception.Message).ConfigureAwait(false);
            }
            catch (SocketException exception) when (Volatile.Read(ref _isDisposed) == 0)
            {
                // The client disconnected before it was accepted; this does not affect other clients.
                IpcLog.AcceptFailed(_settings.Logger, Endpoint, exception.Message);
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
            IpcLog.AcceptPaused(_settings.Logger, Endpoint, cause);
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
            IpcLog.FileGone(_settings.Logger, Endpoint);
        }
    }
}
