namespace Signals.Ipc.Transport.Sockets;

/// <summary>
/// The system's error numbers that have no name in .NET, as contained in the <see cref="Exception.HResult"/> of an <see cref="IOException"/>.
/// </summary>
internal static class SystemError
{
    internal const int NoSuchFile = 2;
    internal const int Interrupted = 4;
    internal const int AccessDenied = 13;
    internal const int NotAFolder = 20;
    internal const int TooManyFilesOfSystem = 23;
    internal const int TooManyFilesOfProcess = 24;
    internal const int FileSystemFull = 28;
    internal const int FileSystemReadOnly = 30;

    /// <summary>This number and the following ones apply to Linux; they differ on other systems.</summary>
    internal const int WouldBlock = 11;
    internal const int NameTooLong = 36;
    internal const int TooManyLinks = 40;
    internal const int QuotaExceeded = 122;
}
