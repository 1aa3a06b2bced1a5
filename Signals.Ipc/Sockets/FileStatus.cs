using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Signals.Ipc.Sockets;

/// <summary>The system's information about the file at a path at one moment.</summary>
/// <remarks>
/// On systems other than Linux, and with a C library without <c>statx</c>, .NET reports less: a file is then identified by the time at which it was
/// made, and a socket by the error that opening one gives. Any other error counts as "no socket".
/// </remarks>
internal readonly record struct FileStatus
{
    private const int TypeMask = 0xf000;
    private const int SocketType = 0xc000;
    private const int FolderType = 0x4000;
    private const int LinkType = 0xa000;
    private const int ModeMask = 0xfff;

    /// <summary>Names the file itself: no other one has the same while this one exists, or after it where the time of birth is known.</summary>
    internal FileIdentity Identity { get; private init; }

    internal bool IsSocket { get; private init; }

    internal bool IsFolder { get; private init; }

    /// <summary>Indicates whether it is a symbolic link, which was not followed.</summary>
    internal bool IsLink { get; private init; }

    internal UnixFileMode Mode { get; private init; }

    /// <summary>The time at which the content was last written.</summary>
    internal DateTime Written { get; private init; }

    /// <summary>Looks at a path. A link at its end is not followed unless that is asked for.</summary>
    /// <returns>Null if nothing is there.</returns>
    /// <exception cref="IOException">The path cannot be looked at. Its <see cref="Exception.HResult"/> is the system's number.</exception>
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
            // A C library from before 2018.
            return OfManaged(path);
        }
    }

    /// <summary>Indicates whether the path leads to a socket, following links. False also if that cannot be determined.</summary>
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

    /// <summary>The reason for which a path leads to nothing, or zero where it does or where the system is not asked.</summary>
    internal static int ErrorAt(string path) =>
        OperatingSystem.IsLinux()
        && SystemCalls.Statx(SystemCalls.CurrentFolder, path, flags: 0, SystemCalls.BasicStatsAndBirth, out _) != 0
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
            Identity = new FileIdentity(
                (ulong)buffer.DeviceMajor << 32 | buffer.DeviceMinor,
                buffer.Inode,
                buffer.BirthSeconds,
                buffer.BirthNanoseconds
            ),
            IsSocket = type == SocketType,
            IsFolder = type == FolderType,
            IsLink = type == LinkType,
            Mode = (UnixFileMode)(buffer.Mode & ModeMask),
            Written = ToTime(buffer.WrittenSeconds, buffer.WrittenNanoseconds),
        };
    }

    /// <summary>
    /// A time of the file system, which may be any number; one that .NET has no value for is so far from now that the bound does as well.
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

    /// <summary>Indicates whether opening gives the error that a socket gives, and no other file.</summary>
    private static bool OpensLikeSocket(string path)
    {
        const int NotSupportedOnFreeBsd = 45;
        const int NotSupportedOnMacOs = 102;
        const int NoSuchDeviceOnLinux = 6;
        const int CannotAccessOnWindows = unchecked((int)0x80070780);
        try
        {
            // For reading and writing, since opening a pipe for reading alone would wait for its writer.
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
