namespace Signals.Tests.Ipc.Support;

internal static class Descriptors
{
    /// <summary>
    /// The links to what a process has open, a link for each descriptor. Every one: what it inherited may be a folder, which a list of files
    /// leaves out.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">The process has ended.</exception>
    internal static string[] LinksOf(int processId) => Directory.GetFileSystemEntries($"/proc/{processId}/fd");
}
