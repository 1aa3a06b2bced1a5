using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Signals.Ipc.Sockets;

/// <summary>Accepts the connections of one endpoint; each is a signal.</summary>
internal sealed class IpcListener : IDisposable
{
    /// <summary>How long accepting pauses until it looks again whether there is something left to accept with.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Time between two looks whether the socket file is still there. A look is one call of the system, while a watch would take one of the few
    /// that a user may have.
    /// </summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<Socket> _sockets;

    /// <summary>The file that the socket is bound to, or null.</summary>
    private readonly SocketFile? _file;

    /// <summary>Clients that were accepted before <see cref="Start"/>.</summary>
    private readonly ConcurrentQueue<Socket> _early;
    private readonly IpcConnectionSettings _settings;
    private readonly CancellationTokenSource _ended = new();
    private readonly DescriptorReserve _reserve = DescriptorReserve.OfProcess();

    /// <summary>Runs out when the socket file is to be looked at. It shows real time: files do not follow the time of a test.</summary>
    private readonly ITimer? _look;

    /// <summary>One once the listener has been disposed.</summary>
    private int _isDisposed;

    /// <summary>One if no client has been accepted since accepting had to pause.</summary>
    private int _isPaused;

    private IpcListener(OpenedSockets opened, IpcConnectionSettings settings)
    {
        _sockets = opened.Sockets;
        _file = opened.File;
        _early = new ConcurrentQueue<Socket>(opened.Early);
        _settings = settings;
        Endpoint = opened.Endpoint;
        _look = _file is null
            ? null
            : TimeProvider.System.CreateTimer(static listener => ((IpcListener)listener!).LookAtFile(), this, LookPeriod, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Raised for every connection, on a thread of the pool; at the same time for several where the endpoint has several addresses. The slot that
    /// takes the socket has to dispose it.
    /// </summary>
    internal Signal<Socket> Accepted { get; } = new();

    /// <summary>Where it listens. Of TCP port 0 this tells the port that was chosen.</summary>
    internal IpcEndpoint Endpoint { get; }

    /// <summary>Begins to listen; nothing is accepted before <see cref="Start"/>.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="fileMode">Who may connect, for a socket file.</param>
    /// <param name="settings">The time and the log.</param>
    /// <param name="cancellationToken">Ends the wait for another host that looks at the same path, which takes a few seconds at most.</param>
    /// <exception cref="IpcException">The host cannot listen there; the message states the reason and a remedy.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled while the listener waited.</exception>
    internal static IpcListener Listen(
        IpcEndpoint endpoint,
        UnixFileMode fileMode,
        IpcConnectionSettings settings,
        CancellationToken cancellationToken = default
    ) => new(ListenerOpening.Open(endpoint, fileMode, cancellationToken), settings);

    /// <summary>Does what <see cref="Listen"/> does, and blocks no thread while it waits.</summary>
    internal static async Task<IpcListener> ListenAsync(
        IpcEndpoint endpoint,
        UnixFileMode fileMode,
        IpcConnectionSettings settings,
        CancellationToken cancellationToken
    ) => new(await ListenerOpening.OpenAsync(endpoint, fileMode, cancellationToken).ConfigureAwait(false), settings);

    /// <summary>Begins to accept.</summary>
    internal void Start()
    {
        foreach (Socket socket in _sockets)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static accept => _ = accept.Listener.AcceptAsync(accept.Socket), (Listener: this, Socket: socket), preferLocal: false);
        }
    }

    /// <summary>
    /// Ends the listening and removes the socket file. A client that has been accepted just before may still be raised. Everything is closed also
    /// when this throws.
    /// </summary>
    /// <exception cref="IpcException">The socket file could not be removed.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        // Not the signal: a client that is accepted beside this is handed to the host, which refuses it. Nothing else would close its socket.
        _look?.Dispose();
        try
        {
            // Before the socket is closed: until then no other file is taken for this one.
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
                    await PauseAsync("The process has hardly any descriptors left.").ConfigureAwait(false);
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
        if (Interlocked.Exchange(ref _isPaused, 1) == 0)
        {
            IpcLog.AcceptPaused(_settings.Logger, Endpoint, cause);
        }

        await Task.Delay(Pause, _settings.TimeProvider, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Logs once that the socket file is gone: new clients no longer find the host, which does not notice otherwise.</summary>
    private void LookAtFile()
    {
        bool isThere;
        try
        {
            isThere = _file!.IsInPlace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder cannot be looked into at the moment: that says nothing of the file.
            isThere = true;
        }

        if (Volatile.Read(ref _isDisposed) != 0)
        {
            return;
        }

        if (isThere)
        {
            _look!.Change(LookPeriod, Timeout.InfiniteTimeSpan);
        }
        else
        {
            IpcLog.FileGone(_settings.Logger, Endpoint);
        }
    }
}
