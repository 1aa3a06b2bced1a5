using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Signals.Hosting.Registration;

namespace Signals.Hosting.Configuration;

/// <summary>
/// Reads the settings of one host or client from the configuration after the functions of the program have set the defaults, and validates them. This class
/// converts the values itself, because the binder of the configuration needs reflection and does not name the key of a value that a setter refuses.
/// </summary>
/// <param name="registration">The host or client.</param>
/// <param name="list">The settings that the section may contain.</param>
/// <param name="configuration">The configuration of the application, or null if it has none.</param>
internal sealed class SettingsSource<TSettings>(IpcRegistration registration, Setting<TSettings>[] list, IConfiguration? configuration)
    : IPostConfigureOptions<TSettings>,
        IValidateOptions<TSettings>
    where TSettings : class, ISettings
{
    /// <inheritdoc/>
    public void PostConfigure(string? name, TSettings options)
    {
        if (name != registration.Name || configuration is null)
        {
            return;
        }

        foreach (IConfigurationSection section in configuration.GetSection(registration.Section).GetChildren())
        {
            if (Array.Find(list, setting => setting.Key.Equals(section.Key, StringComparison.OrdinalIgnoreCase)) is { } setting)
            {
                setting.Apply(options, section, options.Failures);
            }
            else
            {
                options.Failures.Add($"{section.Path} is not a setting. The settings are {string.Join(", ", list.Select(known => known.Key))}.");
            }
        }
    }

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TSettings options)
    {
        if (name != registration.Name)
        {
            return ValidateOptionsResult.Skip;
        }

        if (options.Failures.Count == 0 && options.FindMissing(registration.Section) is { } missing)
        {
            options.Failures.Add(missing);
        }

        return options.Failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Failures);
    }
}
