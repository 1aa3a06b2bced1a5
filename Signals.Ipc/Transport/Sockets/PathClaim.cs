using System.Diagnostics;
using System.Net.Sockets;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>
/// Frees the path of a socket file for a host, and keeps other hosts from it meanwhile. It never waits: the caller retries after
/// <see cref="Pause"/>, and decides how to wait.
/// </summary>
internal sealed class PathClaim(IpcEndpoint endpoint, string path) : IDisposable
{
    /// <summary>The time after which the caller retries.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// The maximum time to wait for the lock. A host needs less to start, and a process that merely holds the name must not keep hosts from starting.
    /// </summary>
    private static readonly TimeSpan PatienceWithOthers = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time that another implementation of a host may take between creating its socket file and listening. A file that refuses connections for
    /// longer belongs to a host that has ended.
    /// </summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromMilliseconds(100);

    /// <summary>The time after which the claim fails if socket files appear repeatedly.</summary>
    private static readonly TimeSpan PatienceWithChanges = TimeSpan.FromSeconds(2);

    private readonly Stopwatch _running = Stopwatch.StartNew();
    private StartLock? _lock;

    /// <summary>The file that refused the connection at the last attempt, or null.</summary>
    private FileIdentity? _refusing;

    /// <summary>The time at which that file first refused a connection.</summary>
    private TimeSpan _refusingSince;

    /// <summary>Tries to free the path, without waiting.</summary>
    /// <returns>True if the path is free.</returns>
    /// <exception cref="IpcException">A host is listening there, or the file is not the socket file of a host that has ended.</exception>
    /// <exception cref="IOException">The status of the path cannot be read, or the file cannot be removed.</exception>
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
                : "a file that is not a socket. Remove it, or choose another path.";
            throw new IpcException($"Listening on {endpoint} failed: the path is {what}");
        }

        if (_running.Elapsed > PatienceWithOthers + PatienceWithChanges)
        {
            throw new IpcException($"Listening on {endpoint} failed: another process repeatedly creates the file. Stop it, or choose another path.");
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

    /// <summary>Returns a value that indicates whether a file that refuses connections has existed for longer than a host needs to start.</summary>
    private bool IsDead(FileStatus found)
    {
        if (_refusing != found.Identity)
        {
            _refusing = found.Identity;
            _refusingSince = _running.Elapsed;
        }

        return (DateTime.UtcNow - found.Written).Duration() > StartTime || _running.Elapsed - _refusingSince > StartTime;
    }

    /// <summary>
    /// Removes the file if it is still the socket whose host has ended. Checked immediately before, so that no other file is removed.
    /// </summary>
    private void RemoveIfSame(FileStatus dead)
    {
        if (FileStatus.Of(path) is { IsSocket: true } found && found.Identity == dead.Identity)
        {
            File.Delete(path);
        }
    }

    /// <exception cref="IpcException">A host is listening there, or the socket cannot be reached.</exception>
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
            // The host has ended, or the file was removed meanwhile.
            return;
        }
        catch (SocketException exception) when (exception.SocketErrorCode != SocketError.WouldBlock)
        {
            string what =
                exception.SocketErrorCode == SocketError.AccessDenied
                    ? "a socket of another user. Run as that user"
                    : $"a socket that cannot be reached ({exception.Message}). Remove it";
            throw new IpcException($"Listening on {endpoint} failed: the path is {what}, or choose another path.", exception);
        }
        catch (SocketException)
        {
            // The queue is full, so a host is listening.
        }

        throw new IpcException($"Listening on {endpoint} failed: another host is listening there. Stop it, or choose another path.");
    }
}
