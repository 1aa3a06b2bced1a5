namespace Signals.Systematic.Support;

/// <summary>Marks a static method as a scenario: in every schedule it returns, or its task ends, without an exception.</summary>
/// <param name="schedules">The number of schedules to explore.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ScenarioAttribute(int schedules) : Attribute
{
    /// <summary>Gets the number of schedules to explore.</summary>
    public int Schedules => schedules;

    /// <summary>Gets or sets the seconds after which no further schedule is begun.</summary>
    public int Seconds { get; set; } = 2;

    /// <summary>
    /// Gets or sets a value indicating whether threads also take turns at plain reads and writes of fields, in one half of the schedules, and at
    /// branches, in the other half, and not only at locks and at volatile and interlocked operations.
    /// </summary>
    public bool InterleavesPlainAccess { get; set; }
}
