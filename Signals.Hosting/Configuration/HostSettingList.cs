using Microsoft.Extensions.Configuration;
using Signals.Ipc;

namespace Signals.Hosting.Configuration;

/// <summary>The settings of a host in the configuration.</summary>
internal static class HostSettingList
{
    internal static readonly Setting<IpcHostSettings>[] All =
    [
        new(SettingNames.Endpoint, SetEndpoint),
        new(SettingNames.Endpoints, SetEndpoints),
        Setting<IpcHostSettings>.Of(nameof(IpcHostSettings.SocketActivation), (settings, text) => settings.SocketActivation = text),
        Of(nameof(IpcHostOptions.IncludeExceptionDetails), (options, text) => options.IncludeExceptionDetails = SettingText.ToBoolean(text)),
        Of(nameof(IpcHostOptions.MaxClients), (options, text) => options.MaxClients = SettingText.ToInt32(text)),
        Of(nameof(IpcHostOptions.MaxUnsentBytes), (options, text) => options.MaxUnsentBytes = SettingText.ToInt32(text)),
        Of(nameof(IpcHostOptions.MaxConcurrentCalls), (options, text) => options.MaxConcurrentCalls = SettingText.ToInt32(text)),
        Of(nameof(IpcHostOptions.SerializeCalls), (options, text) => options.SerializeCalls = SettingText.ToBoolean(text)),
        Of(nameof(IpcHostOptions.MaxRequestBytes), (options, text) => options.MaxRequestBytes = SettingText.ToInt64(text)),
        Of(nameof(IpcHostOptions.MaxTotalRequestBytes), (options, text) => options.MaxTotalRequestBytes = SettingText.ToInt64(text)),
        Of(nameof(IpcHostOptions.MaxFrameSize), (options, text) => options.MaxFrameSize = SettingText.ToInt32(text)),
        Of(nameof(IpcHostOptions.WriteTimeout), (options, text) => options.WriteTimeout = SettingText.ToTime(text)),
        Of(nameof(IpcHostOptions.IdleTimeout), (options, text) => options.IdleTimeout = SettingText.ToTime(text)),
        Of(nameof(IpcHostOptions.KeepAlive), (options, text) => options.KeepAlive = SettingText.ToTime(text)),
        Of(nameof(IpcHostOptions.GracePeriod), (options, text) => options.GracePeriod = SettingText.ToTime(text)),
        Of(nameof(IpcHostOptions.AuthorizeTimeout), (options, text) => options.AuthorizeTimeout = SettingText.ToTime(text)),
        Of(nameof(IpcHostOptions.MaxSubscriptionsPerClient), (options, text) => options.MaxSubscriptionsPerClient = SettingText.ToInt32(text)),
        Of(nameof(IpcHostOptions.RelaySignals), (options, text) => options.RelaySignals = SettingText.ToBoolean(text)),
        Of(nameof(IpcHostOptions.DescribesItself), (options, text) => options.DescribesItself = SettingText.ToBoolean(text)),
        Of(nameof(IpcHostOptions.SocketFileMode), (options, text) => options.SocketFileMode = SettingText.ToFileMode(text)),
    ];

    private static Setting<IpcHostSettings> Of(string key, Action<IpcHostOptions, string> store) =>
        Setting<IpcHostSettings>.Of(key, (settings, text) => store(settings.Host, text));

    private static void SetEndpoint(IpcHostSettings settings, IConfigurationSection section, ICollection<string> failures) =>
        Replace(settings, [section], failures);

    private static void SetEndpoints(IpcHostSettings settings, IConfigurationSection section, ICollection<string> failures)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        if (section.Value is { Length: > 0 })
        {
            failures.Add($"{section.Path} is a single value, but must be a list: {section.Path}:0, {section.Path}:1 and so on.");
        }
        else if (children.Length > 0)
        {
            Replace(settings, children, failures);
        }
    }

    /// <summary>Replaces the endpoints of the program with those of the configuration.</summary>
    private static void Replace(IpcHostSettings settings, IConfigurationSection[] sections, ICollection<string> failures)
    {
        List<IpcEndpoint> endpoints = [];
        Array.ForEach(sections, section => SettingText.Use(section, failures, text => endpoints.Add(IpcEndpoint.Parse(text))));
        if (endpoints.Count > 0)
        {
            settings.Endpoints.Clear();
            endpoints.ForEach(settings.Endpoints.Add);
        }
    }
}
