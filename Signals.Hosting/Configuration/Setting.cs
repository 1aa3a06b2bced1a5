using Microsoft.Extensions.Configuration;

namespace Signals.Hosting.Configuration;

/// <summary>A setting that a section of the configuration may contain.</summary>
/// <param name="Key">The key in the section.</param>
/// <param name="Apply">Stores what the section of the setting contains. A value that cannot be used is described in the list.</param>
internal sealed record Setting<TSettings>(string Key, Action<TSettings, IConfigurationSection, ICollection<string>> Apply)
{
    /// <summary>Creates a setting with one value.</summary>
    /// <param name="key">The key in the section.</param>
    /// <param name="store">Stores the value. It may throw what conversions and setters of options throw.</param>
    internal static Setting<TSettings> Of(string key, Action<TSettings, string> store) =>
        new(key, (settings, section, failures) => SettingText.Use(section, failures, text => store(settings, text)));
}
