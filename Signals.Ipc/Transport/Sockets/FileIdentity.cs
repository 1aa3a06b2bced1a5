namespace Signals.Ipc.Transport.Sockets;

/// <summary>
/// Identifies a file regardless of its path, access times and mode. The creation time distinguishes it from a later file with the same inode; it is
/// zero where the file system does not keep it.
/// </summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long BirthSeconds, uint BirthNanoseconds);
