using Microsoft.Extensions.Configuration;

namespace Signals.Hosting.Configuration;

/// <summary>A setting that a section of the configuration may contain.</summary>
/// <param name="Key">The key in the section.</param>
/// <param name="Apply">The function that stores the contents of the setting's section, or adds a description of an invalid value to the list.</param>
internal sealed record Setting<TSettings>(string Key, Action<TSettings, IConfigurationSection, ICollection<string>> Apply)
{
    /// <summary>Creates a setting with one value.</summary>
    /// <param name="key">The key in the section.</param>
    /// <param name="store">The function that stores the value. It may throw the exceptions of conversions and of setters of options.</param>
    internal static Setting<TSettings> Of(string key, Action<TSettings, string> store) =>
        new(key, (settings, section, failures) => SettingText.Use(section, failures, text => store(settings, text)));
}
