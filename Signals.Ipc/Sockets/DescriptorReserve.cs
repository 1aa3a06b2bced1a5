using System.Globalization;
using System.Net.Sockets;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Leaves the last descriptors of the process to the runtime: it needs one now and then, to ask how much memory there is, to begin a thread or to
/// load code, and ends the process when it gets none.
/// </summary>
internal sealed class DescriptorReserve
{
    /// <summary>How many descriptors are left to the runtime.</summary>
    internal const int Count = 16;

    private const string LimitsFile = "/proc/self/limits";
    private const string LimitName = "Max open files";

    /// <summary>The first number that clients do not get.</summary>
    private readonly long _end;

    /// <param name="limit">How many descriptors the process may have.</param>
    internal DescriptorReserve(long limit) => _end = limit - Count;

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
    /// <exception cref="SocketException">There is no descriptor left.</exception>
    internal bool HasRoom()
    {
        if (_end >= int.MaxValue)
        {
            return true;
        }

        // The system gives out the lowest number that is free: what is below the one it gives is in use.
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        return probe.SafeHandle.DangerousGetHandle() < _end;
    }
}
