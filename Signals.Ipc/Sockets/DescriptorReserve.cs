using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Leaves the last descriptors of the process to the runtime: it needs one now and then, to ask how much memory there is, to begin a thread or to
/// load code, and ends the process when it gets none.
/// </summary>
internal sealed class DescriptorReserve
{
    /// <summary>How many descriptors are left to the runtime.</summary>
    internal const int Count = 16;

    /// <summary>
    /// Number of descriptors that a host needs to start: those that are kept back, a few sockets, and two for each part of the runtime that is loaded
    /// for the first one. With fewer, loading fails somewhere, and what has failed to load does so for the rest of the process.
    /// </summary>
    internal const int CountToStart = Count + 24;

    private const string LimitsFile = "/proc/self/limits";
    private const string LimitName = "Max open files";
    private const string ProbeFile = "/dev/null";

    /// <summary>Gets the number of descriptors that the process may have.</summary>
    private readonly long _limit;

    /// <param name="limit">How many descriptors the process may have.</param>
    internal DescriptorReserve(long limit) => _limit = limit;

    /// <summary>
    /// The reserve of this process. Where the system does not tell its limit nothing is kept back; accepting then pauses when there is no
    /// descriptor left at all.
    /// </summary>
    internal static DescriptorReserve OfProcess() => new(File.Exists(LimitsFile) ? ReadLimit(File.ReadLines(LimitsFile)) : long.MaxValue);

    /// <summary>Finds the limit that counts in what the system tells of all limits: the first of the two numbers behind its name.</summary>
    internal static long ReadLimit(IEnumerable<string> limits)
    {
        string[]? numbers = limits
            .FirstOrDefault(line => line.StartsWith(LimitName, StringComparison.Ordinal))
            ?[LimitName.Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return numbers is [var limit, ..] && long.TryParse(limit, CultureInfo.InvariantCulture, out long count) ? count : long.MaxValue;
    }

    /// <summary>Whether one more client leaves the runtime enough.</summary>
    internal bool HasRoom() => HasRoom(Count);

    /// <summary>Indicates whether a host can start.</summary>
    internal bool HasRoomToStart() => HasRoom(CountToStart);

    private bool HasRoom(int count)
    {
        if (_limit >= int.MaxValue)
        {
            return true;
        }

        try
        {
            // The system gives out the lowest number that is free: what is below the one it gives is in use. A file needs no code to be loaded.
            using SafeFileHandle probe = File.OpenHandle(ProbeFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return probe.DangerousGetHandle() < _limit - count;
        }
        catch (IOException exception)
        {
            return exception.HResult is not (SystemError.TooManyFilesOfProcess or SystemError.TooManyFilesOfSystem);
        }
        catch (UnauthorizedAccessException)
        {
            // It exists and may not be opened, so there is no telling; accepting then pauses when there is none left at all.
            return true;
        }
    }
}
