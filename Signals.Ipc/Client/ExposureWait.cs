namespace Signals.Ipc.Client;

/// <summary>
/// The wait of a proxy for a host that exposes its service later: whether a request for the service is outstanding, and which connection has refused it.
/// Guarded by the client's lock.
/// </summary>
internal sealed class ExposureWait
{
    /// <summary>
    /// The maximum number of requests that reports of one connection cause, so that a host that reports a service and refuses it again and again
    /// does not occupy the client.
    /// </summary>
    private const int MaxRequests = 1000;

    /// <summary>The number of the connection that refused the service last, or zero while the proxy does not wait.</summary>
    private long _refusedBy;

    /// <summary>A value that indicates whether the host may have exposed the service after it received the outstanding request.</summary>
    private bool _isReported;

    private int _requests;

    /// <summary>Gets a value that indicates whether the service was refused and the proxy has not been bound since.</summary>
    internal bool IsWaiting => _refusedBy != 0;

    /// <summary>Gets a value that indicates whether a request for the service is outstanding.</summary>
    internal bool IsRequested { get; private set; }

    /// <summary>Begins the first request on a connection.</summary>
    internal void Begin()
    {
        IsRequested = true;
        _isReported = false;
        _requests = 0;
    }

    /// <summary>Handles a report that the host has exposed the service. Returns true if a request for the service must be sent.</summary>
    internal bool TryBeginAgain()
    {
        if (IsRequested)
        {
            _isReported = true;
            return false;
        }

        if (!IsWaiting || _requests == MaxRequests)
        {
            return false;
        }

        _requests++;
        IsRequested = true;
        return true;
    }

    /// <summary>
    /// Handles a refusal. Returns true if the proxy must be told: it is the first one of its connection. If the host has reported the service in the
    /// meantime, a call of <see cref="TryBeginAgain"/> should follow.
    /// </summary>
    /// <param name="connection">The number of the connection, from one.</param>
    /// <param name="isReported">A value that indicates whether the host has reported the service since the request was sent.</param>
    internal bool Refuse(long connection, out bool isReported)
    {
        isReported = _isReported;
        bool isFirst = _refusedBy != connection;
        _refusedBy = connection;
        _isReported = false;
        IsRequested = false;
        return isFirst;
    }

    /// <summary>Returns a value that indicates whether a connection has refused the service, so that the proxy has been told that it is disconnected.</summary>
    internal bool WasRefusedBy(long connection) => _refusedBy == connection;

    /// <summary>Ends the request of a connection that was lost. The wait continues.</summary>
    internal void EndRequest()
    {
        IsRequested = false;
        _isReported = false;
    }

    /// <summary>Ends the wait: the proxy has been bound, or belongs to no client any more.</summary>
    internal void End()
    {
        _refusedBy = 0;
        EndRequest();
    }
}
