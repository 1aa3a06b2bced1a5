namespace Signals.Ipc.Sockets;

/// <summary>
/// Names a file whatever its path, times of use and mode are. The time of birth tells it from a later file that was given the same inode; it is
/// zero where the file system does not keep it.
/// </summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long BirthSeconds, uint BirthNanoseconds);
