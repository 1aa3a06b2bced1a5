using System.Globalization;

namespace RxDashboard;

/// <summary>The time that processors have spent so far. Only the ratio of differences is meaningful: the unit depends on the source.</summary>
/// <param name="Busy">The time in which the processors were busy.</param>
/// <param name="Total">The total time.</param>
internal readonly record struct CpuTimes(long Busy, long Total)
{
    private const string Label = "cpu";

    // The columns of /proc/stat, as in proc_stat(5). The columns after these count the time of guests, which "user" and "nice" already include.
    private const int Idle = 3;
    private const int WaitingForDisk = 4;
    private const int Counted = 8;

    /// <summary>Reads the first line of <c>/proc/stat</c>, which is the sum of all processors.</summary>
    /// <exception cref="FormatException">The line is another one.</exception>
    internal static CpuTimes Parse(string line)
    {
        string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (columns is not [Label, .. var times] || times.Length <= Idle)
        {
            throw new FormatException($"This is not the processors' line of /proc/stat: \"{line}\".");
        }

        long idle = 0;
        long total = 0;
        for (int column = 0; column < Math.Min(times.Length, Counted); column++)
        {
            if (!long.TryParse(times[column], NumberStyles.None, CultureInfo.InvariantCulture, out long time))
            {
                throw new FormatException($"\"{times[column]}\" is not a number in the processors' line of /proc/stat.");
            }

            total += time;
            idle += column is Idle or WaitingForDisk ? time : 0;
        }

        return new CpuTimes(total - idle, total);
    }
}
