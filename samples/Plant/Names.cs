namespace Plant;

/// <summary>The names of exports that the programs know. Those of the other gauges are in the <see cref="Catalogue"/>.</summary>
internal static class Names
{
    /// <summary>A property: the gauges that the sensors export.</summary>
    internal const string Catalogue = "plant.catalogue";

    /// <summary>A property that importers may ask to set: the time between two measurements.</summary>
    internal const string Interval = "plant.interval";

    /// <summary>A signal: the number of a tick of the timer, and its lateness in milliseconds.</summary>
    internal const string Lateness = "plant.timer.lateness";

    internal const string CpuLoad = "plant.cpu.load";
    internal const string MemoryUsed = "plant.memory.used";
    internal const string EmitTime = "plant.self.emit";
    internal const string Subscriptions = "plant.self.subscriptions";
    internal const string Measurements = "plant.self.measurements";

    /// <summary>Returns a text as one segment of a name, which consists of letters, digits, "_" and "-".</summary>
    internal static string Segment(string text)
    {
        string segment = string.Concat(text.Select(character => char.IsAsciiLetterOrDigit(character) ? char.ToLowerInvariant(character) : '-')).Trim('-');
        return segment.Length > 0 ? segment : "root";
    }
}
