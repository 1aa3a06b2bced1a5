namespace Signals.Ipc.Threading;

/// <summary>Stand-in for the observation of reading threads, which takes place in real time: no thread is relieved.</summary>
internal static class BlockedReaders
{
    internal static bool IsWatching => true;

    internal static bool HasBlocked => false;

    internal static void Add(ReadingRole role) { }

    internal static void Remove(ReadingRole role) { }

    internal static void Watch() { }

    internal static void OnBlocked() { }

    internal static void OnReturned() { }
}
