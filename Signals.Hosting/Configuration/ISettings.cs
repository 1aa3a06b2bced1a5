namespace Signals.Hosting.Configuration;

/// <summary>Settings that a section of the configuration contains.</summary>
internal interface ISettings
{
    /// <summary>Gets the descriptions of the invalid values of the configuration.</summary>
    ICollection<string> Failures { get; }

    /// <summary>Returns a description of a setting that is missing, or null.</summary>
    /// <param name="section">The path of the section.</param>
    string? FindMissing(string section);
}
