using System.Globalization;

namespace RxDashboard;

/// <summary>The amount of memory that is in use.</summary>
/// <param name="Used">The number of bytes that are not available to other programs.</param>
/// <param name="Total">The total number of bytes.</param>
internal readonly record struct MemoryUse(long Used, long Total)
{
    private const string Unit = "kB";

    internal double Fraction => Total == 0 ? 0 : (double)Used / Total;

    /// <summary>Reads <c>/proc/meminfo</c>.</summary>
    /// <exception cref="FormatException">A required value is missing, or is not a size.</exception>
    internal static MemoryUse Parse(IEnumerable<string> lines)
    {
        var sizes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            if (line.Split(':', 2) is [var name, var size])
            {
                sizes[name] = size;
            }
        }

        // Memory of caches is available: Linux releases it on demand.
        long total = BytesOf(sizes, "MemTotal");
        return new MemoryUse(total - BytesOf(sizes, "MemAvailable"), total);
    }

    private static long BytesOf(Dictionary<string, string> sizes, string name)
    {
        if (!sizes.TryGetValue(name, out string? size))
        {
            throw new FormatException($"/proc/meminfo has no {name}.");
        }

        return
            size.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var number, Unit]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes)
            ? kibibytes * 1024
            : throw new FormatException($"{name} of /proc/meminfo is not a size: \"{size}\".");
    }
}
