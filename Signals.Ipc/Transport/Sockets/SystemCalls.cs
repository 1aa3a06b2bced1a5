using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>Functions of the system's C library for which .NET has no public API.</summary>
/// <remarks>
/// <c>statx</c> is used because its structure is the same on every architecture and in every C library, unlike that of <c>stat</c>. The constants
/// are those of Linux.
/// </remarks>
internal static partial class SystemCalls
{
    /// <summary>Resolves relative paths from the current folder (<c>AT_FDCWD</c>).</summary>
    internal const int CurrentFolder = -100;

    /// <summary>Returns the status of a symbolic link itself, not of its target (<c>AT_SYMLINK_NOFOLLOW</c>).</summary>
    internal const int NoFollow = 0x100;

    /// <summary>The type, mode, owner, times, inode and so on, with the creation time (<c>STATX_BASIC_STATS | STATX_BTIME</c>).</summary>
    internal const uint BasicStatsAndBirth = 0xfff;

    /// <summary>Opens a handle that only refers to a file (<c>O_PATH | O_CLOEXEC</c>).</summary>
    private const int PathOnly = 0x20_0000 | 0x8_0000;

    /// <summary>Fails instead of waiting (<c>MSG_DONTWAIT</c>).</summary>
    internal const int DontWait = 0x40;

    /// <summary>Sets the flags of a descriptor (<c>F_SETFD</c>).</summary>
    private const int SetDescriptorFlags = 2;

    /// <summary>The flag that closes a descriptor in processes that this process starts (<c>FD_CLOEXEC</c>).</summary>
    private const int CloseOnExecuteFlag = 1;

    private const string Library = "libc";

    /// <summary>Reads the status of a file.</summary>
    [SupportedOSPlatform("linux")]
    [LibraryImport(Library, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Statx(int folder, string path, int flags, uint mask, out StatxBuffer buffer);

    /// <summary>Sets the mode of an open file or socket.</summary>
    [SupportedOSPlatform("linux")]
    [LibraryImport(Library, EntryPoint = "fchmod", SetLastError = true)]
    internal static partial int ChangeMode(SafeHandle handle, uint mode);

    /// <summary>Sets the mode of a file; if the path is a symbolic link, that of the link itself.</summary>
    [SupportedOSPlatform("macos")]
    [SupportedOSPlatform("freebsd")]
    [LibraryImport(Library, EntryPoint = "lchmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ChangeModeOfPath(string path, uint mode);

    /// <summary>Binds a socket.</summary>
    [SupportedOSPlatform("linux")]
    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    internal static partial int Bind(SafeHandle socket, ReadOnlySpan<byte> address, uint length);

    /// <summary>Receives bytes from a socket.</summary>
    [SupportedOSPlatform("linux")]
    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    internal static partial nint Receive(SafeHandle socket, Span<byte> buffer, nuint length, int flags);

    /// <summary>Gets the id of the user as which the process acts.</summary>
    [UnsupportedOSPlatform("windows")]
    [LibraryImport(Library, EntryPoint = "geteuid")]
    internal static partial uint EffectiveUserId();

    /// <summary>Gets the id of the group as which the process acts.</summary>
    [UnsupportedOSPlatform("windows")]
    [LibraryImport(Library, EntryPoint = "getegid")]
    internal static partial uint EffectiveGroupId();

    /// <summary>Opens a handle to the file that is at a path now, even if another file replaces it later.</summary>
    /// <exception cref="IOException">
    /// There is no such file, or no descriptor is left. <see cref="Exception.HResult"/> is the system's error number.
    /// </exception>
    [SupportedOSPlatform("linux")]
    internal static SafeFileHandle OpenPath(string path)
    {
        int descriptor = Open(path, PathOnly);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LastFailure();
    }

    /// <summary>Prevents child processes from inheriting a descriptor. Does nothing if the descriptor is not open.</summary>
    [SupportedOSPlatform("linux")]
    internal static void CloseOnExecute(int descriptor) => _ = ControlDescriptor(descriptor, SetDescriptorFlags, CloseOnExecuteFlag);

    /// <summary>Returns the exception for the last failed call on this thread.</summary>
    internal static IOException LastFailure()
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    [SupportedOSPlatform("linux")]
    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [SupportedOSPlatform("linux")]
    [LibraryImport(Library, EntryPoint = "fcntl")]
    private static partial int ControlDescriptor(int descriptor, int command, int argument);

    /// <summary>The fields of the result of <c>statx</c> that are used.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatxBuffer
    {
        /// <summary>The type and the mode of the file.</summary>
        [FieldOffset(28)]
        internal ushort Mode;

        [FieldOffset(32)]
        internal ulong Inode;

        /// <summary>The creation time of the file, in seconds; zero if the file system does not keep it.</summary>
        [FieldOffset(80)]
        internal long BirthSeconds;

        [FieldOffset(88)]
        internal uint BirthNanoseconds;

        /// <summary>The time of the last write, in seconds.</summary>
        [FieldOffset(112)]
        internal long WrittenSeconds;

        [FieldOffset(120)]
        internal uint WrittenNanoseconds;

        [FieldOffset(136)]
        internal uint DeviceMajor;

        [FieldOffset(140)]
        internal uint DeviceMinor;
    }
}
