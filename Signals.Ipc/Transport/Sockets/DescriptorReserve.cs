using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>
/// Reserves the last descriptors of the process for the runtime, which needs one at times, to query the memory, start a thread or load code, and
/// ends the process if it gets none.
/// </summary>
internal sealed class DescriptorReserve
{
    /// <summary>The number of descriptors that are reserved for the runtime.</summary>
    internal const int Count = 16;

    /// <summary>
    /// The number of descriptors that a host needs to start: the reserved ones, a few sockets, and two for each part of the runtime that the first
    /// host loads. With fewer, a part may fail to load, and then fails for the lifetime of the process.
    /// </summary>
    internal const int CountToStart = Count + 24;

    private const string LimitsFile = "/proc/self/limits";
    private const string LimitName = "Max open files";
    private const string ProbeFile = "/dev/null";

    /// <summary>The number of descriptors that the process may have.</summary>
    private readonly long _limit;

    /// <param name="limit">The number of descriptors that the process may have.</param>
    internal DescriptorReserve(long limit) => _limit = limit;

    /// <summary>
    /// Returns the reserve of this process. If the system does not report the limit, no descriptor is reserved; accepting then pauses when no
    /// descriptor is left.
    /// </summary>
    internal static DescriptorReserve OfProcess() => new(File.Exists(LimitsFile) ? ReadLimit(File.ReadLines(LimitsFile)) : long.MaxValue);

    /// <summary>Returns the soft limit from the system's list of all limits: the first of the two numbers after its name.</summary>
    internal static long ReadLimit(IEnumerable<string> limits)
    {
        string[]? numbers = limits
            .FirstOrDefault(line => line.StartsWith(LimitName, StringComparison.Ordinal))
            ?[LimitName.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return numbers is [var limit, ..] && long.TryParse(limit, CultureInfo.InvariantCulture, out long count) ? count : long.MaxValue;
    }

    /// <summary>Returns a value that indicates whether enough descriptors are left for one more client.</summary>
    internal bool HasRoom() => HasRoom(Count);

    /// <summary>Returns a value that indicates whether enough descriptors are left to start a host.</summary>
    internal bool HasRoomToStart() => HasRoom(CountToStart);

    private bool HasRoom(int count)
    {
        if (_limit >= int.MaxValue)
        {
            return true;
        }

        try
        {
            // The system assigns the lowest free number, so all numbers below it are in use. Opening a file loads no code.
            using SafeFileHandle probe = File.OpenHandle(ProbeFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return probe.DangerousGetHandle() < _limit - count;
        }
        catch (IOException exception)
        {
            return exception.HResult is not (SystemError.TooManyFilesOfProcess or SystemError.TooManyFilesOfSystem);
        }
        catch (UnauthorizedAccessException)
        {
            // Access to the file is denied, so the number is unknown; accepting then pauses when no descriptor is left.
            return true;
        }
    }
}
