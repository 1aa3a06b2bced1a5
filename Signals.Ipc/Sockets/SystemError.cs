namespace Signals.Ipc.Sockets;

/// <summary>The system's numbers of errors that .NET gives no name, as <see cref="IOException"/> bears them in its <see cref="Exception.HResult"/>.</summary>
internal static class SystemError
{
    internal const int NoSuchFile = 2;
    internal const int AccessDenied = 13;
    internal const int NotAFolder = 20;
    internal const int TooManyFilesOfSystem = 23;
    internal const int TooManyFilesOfProcess = 24;
    internal const int FileSystemFull = 28;
    internal const int FileSystemReadOnly = 30;

    /// <summary>On Linux; other systems number the rest differently.</summary>
    internal const int NameTooLong = 36;
    internal const int TooManyLinks = 40;
    internal const int QuotaExceeded = 122;
}
