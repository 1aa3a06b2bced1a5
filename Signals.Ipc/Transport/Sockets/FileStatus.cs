using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>The status of the file at a path at one moment.</summary>
/// <remarks>
/// On systems other than Linux, and with a C library without <c>statx</c>, .NET reports less: a file is then identified by its creation
/// time, and a socket by the error of opening it. With any other error, the file is not regarded as a socket.
/// </remarks>
internal readonly record struct FileStatus
{
    private const int TypeMask = 0xf000;
    private const int SocketType = 0xc000;
    private const int FolderType = 0x4000;
    private const int LinkType = 0xa000;
    private const int ModeMask = 0xfff;

    /// <summary>
    /// Gets the identity of the file. No other file has the same one while this file exists, or later if the creation time is known.
    /// </summary>
    internal FileIdentity Identity { get; private init; }

    internal bool IsSocket { get; private init; }

    internal bool IsFolder { get; private init; }

    /// <summary>Gets a value that indicates whether the file is a symbolic link, which was not followed.</summary>
    internal bool IsLink { get; private init; }

    internal UnixFileMode Mode { get; private init; }

    /// <summary>Gets the time of the last write.</summary>
    internal DateTime Written { get; private init; }

    /// <summary>Returns the status of the file at a path. A symbolic link at its end is followed only if <paramref name="follow"/> is true.</summary>
    /// <returns>The status, or null if there is no file.</returns>
    /// <exception cref="IOException">The status cannot be read. <see cref="Exception.HResult"/> is the system's error number.</exception>
    internal static FileStatus? Of(string path, bool follow = false)
    {
        if (!OperatingSystem.IsLinux())
        {
            return OfManaged(path);
        }

        try
        {
            return OfLinux(path, follow);
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is older than 2018.
            return OfManaged(path);
        }
    }

    /// <summary>
    /// Returns a value that indicates whether the path leads to a socket, following links. Also false if that cannot be determined.
    /// </summary>
    internal static bool IsSocketAt(string path)
    {
        try
        {
            return Of(path, follow: true) is { IsSocket: true };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Returns the error number for a path that leads to no file. Returns zero if it leads to a file, and on systems other than Linux.
    /// </summary>
    internal static int ErrorAt(string path) =>
        OperatingSystem.IsLinux() && SystemCalls.Statx(SystemCalls.CurrentFolder, path, flags: 0, SystemCalls.BasicStatsAndBirth, out _) != 0
            ? SystemCalls.LastFailure().HResult
            : 0;

    [SupportedOSPlatform("linux")]
    private static FileStatus? OfLinux(string path, bool follow)
    {
        int flags = follow ? 0 : SystemCalls.NoFollow;
        if (SystemCalls.Statx(SystemCalls.CurrentFolder, path, flags, SystemCalls.BasicStatsAndBirth, out SystemCalls.StatxBuffer buffer) != 0)
        {
            IOException failure = SystemCalls.LastFailure();
            return failure.HResult is SystemError.NoSuchFile or SystemError.NotAFolder ? null : throw failure;
        }

        int type = buffer.Mode & TypeMask;
        return new FileStatus
        {
            Identity = new FileIdentity((ulong)buffer.DeviceMajor << 32 | buffer.DeviceMinor, buffer.Inode, buffer.BirthSeconds, buffer.BirthNanoseconds),
            IsSocket = type == SocketType,
            IsFolder = type == FolderType,
            IsLink = type == LinkType,
            Mode = (UnixFileMode)(buffer.Mode & ModeMask),
            Written = ToTime(buffer.WrittenSeconds, buffer.WrittenNanoseconds),
        };
    }

    /// <summary>
    /// Converts a time of the file system, which may be any number. A time outside the range of .NET is replaced by the
    /// nearest bound, which is far enough from now for every comparison.
    /// </summary>
    private static DateTime ToTime(long seconds, uint nanoseconds) =>
        DateTime.UnixEpoch.AddSeconds(Math.Clamp(seconds, int.MinValue, uint.MaxValue)).AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    private static FileStatus? OfManaged(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists && !Directory.Exists(path))
        {
            return null;
        }

        bool isFolder = file.Attributes.HasFlag(FileAttributes.Directory);
        return new FileStatus
        {
            Identity = new FileIdentity(0, 0, file.CreationTimeUtc.Ticks, 0),
            IsSocket = !isFolder && OpensLikeSocket(path),
            IsFolder = isFolder,
            IsLink = file.LinkTarget is not null,
            Mode = OperatingSystem.IsWindows() ? UnixFileMode.None : file.UnixFileMode,
            Written = file.LastWriteTimeUtc,
        };
    }

    /// <summary>Returns a value that indicates whether opening the file fails with the error that only a socket causes.</summary>
    private static bool OpensLikeSocket(string path)
    {
        const int NotSupportedOnFreeBsd = 45;
        const int NotSupportedOnMacOs = 102;
        const int NoSuchDeviceOnLinux = 6;
        const int CannotAccessOnWindows = unchecked((int)0x80070780);
        try
        {
            // For reading and writing, because opening a pipe only for reading would wait for its writer.
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException exception)
        {
            return exception.HResult is NotSupportedOnMacOs or NotSupportedOnFreeBsd or NoSuchDeviceOnLinux or CannotAccessOnWindows;
        }
    }
}
