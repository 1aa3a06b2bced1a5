using System.Diagnostics;
using System.Net.Sockets;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Makes the path of a socket file free for a host and keeps other hosts from it meanwhile. It never waits: the caller asks again after
/// <see cref="Pause"/>, and waits in a way of its own.
/// </summary>
internal sealed class PathClaim(IpcEndpoint endpoint, string path) : IDisposable
{
    /// <summary>The time after which the caller asks again.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>No host takes so long to start. A process that only keeps the name of the lock must not keep hosts from starting.</summary>
    private static readonly TimeSpan PatienceWithOthers = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time that a host of another make may take between making its socket file and listening: a file that refuses for longer is that of a
    /// host that has ended.
    /// </summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromMilliseconds(100);

    /// <summary>The time after which a path is given up where one file after the other appears.</summary>
    private static readonly TimeSpan PatienceWithChanges = TimeSpan.FromSeconds(2);

    private readonly Stopwatch _running = Stopwatch.StartNew();
    private StartLock? _lock;

    /// <summary>The file that refused at the last look, or null.</summary>
    private FileIdentity? _refusing;

    /// <summary>The time at which that file refused first.</summary>
    private TimeSpan _refusingSince;

    /// <summary>Goes as far as it can without waiting.</summary>
    /// <returns>True if the path is free.</returns>
    /// <exception cref="IpcException">A host listens there, or there is something that is not the socket file of a host that has ended.</exception>
    /// <exception cref="IOException">The path cannot be looked at, or the file cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be removed.</exception>
    /// <exception cref="SocketException">The process has no descriptor left.</exception>
    internal bool TryTake()
    {
        if (_lock is null && OperatingSystem.IsLinux())
        {
            _lock = StartLock.TryTake(path);
            if (_lock is null && _running.Elapsed < PatienceWithOthers)
            {
                return false;
            }
        }

        if (FileStatus.Of(path) is not { } found)
        {
            return true;
        }

        if (!found.IsSocket)
        {
            string what =
                found.IsFolder ? "a folder: choose another path."
                : found.IsLink ? "a symbolic link. Remove it, or choose another path."
                : "a file that is no socket. Remove it, or choose another path.";
            throw new IpcException($"Listening on {endpoint} failed: there is {what}");
        }

        if (_running.Elapsed > PatienceWithOthers + PatienceWithChanges)
        {
            throw new IpcException($"Listening on {endpoint} failed: socket files appear there again and again. Stop the other host, or choose another path.");
        }

        ThrowIfAlive();
        if (!IsDead(found))
        {
            return false;
        }

        RemoveIfSame(found);
        return FileStatus.Of(path) is null;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    /// <summary>Indicates whether a file that refuses has had the time that a host needs to start.</summary>
    private bool IsDead(FileStatus found)
    {
        if (_refusing != found.Identity)
        {
            _refusing = found.Identity;
            _refusingSince = _running.Elapsed;
        }

        return (DateTime.UtcNow - found.Written).Duration() > StartTime || _running.Elapsed - _refusingSince > StartTime;
    }

    /// <summary>Looks once more right before it removes: nothing but the socket that was found dead.</summary>
    private void RemoveIfSame(FileStatus dead)
    {
        if (FileStatus.Of(path) is { IsSocket: true } found && found.Identity == dead.Identity)
        {
            File.Delete(path);
        }
    }

    /// <exception cref="IpcException">A host listens there, or what is there cannot be reached.</exception>
    private void ThrowIfAlive()
    {
        using Socket probe = endpoint.CreateSocket();

        // A running host that accepts no clients at the moment must not make this one wait.
        probe.Blocking = false;
        try
        {
            probe.Connect(endpoint.ToEndPoint());
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable)
        {
            // It is dead, or has gone meanwhile.
            return;
        }
        catch (SocketException exception) when (exception.SocketErrorCode != SocketError.WouldBlock)
        {
            string what =
                exception.SocketErrorCode == SocketError.AccessDenied
                    ? "a socket of another user. Run as that user"
                    : $"a socket that cannot be reached ({exception.Message}). Remove it";
            throw new IpcException($"Listening on {endpoint} failed: there is {what}, or choose another path.", exception);
        }
        catch (SocketException)
        {
            // Its queue is full: it is alive.
        }

        throw new IpcException($"Listening on {endpoint} failed: a living host listens there. Stop it, or choose another path.");
    }
}
