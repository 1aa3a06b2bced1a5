using Signals.Ipc;

namespace Signals.Hosting.Configuration;

/// <summary>The settings of a client in the configuration.</summary>
internal static class ClientSettingList
{
    internal static readonly Setting<IpcClientSettings>[] All =
    [
        Setting<IpcClientSettings>.Of(SettingNames.Endpoint, (settings, text) => settings.Endpoint = IpcEndpoint.Parse(text)),
        Of(nameof(IpcClientOptions.Retry), (options, text) => options.Retry = SettingText.ToBoolean(text)),
        Of(nameof(IpcClientOptions.Reconnect), (options, text) => options.Reconnect = SettingText.ToBoolean(text)),
        Of(nameof(IpcClientOptions.ConnectTimeout), (options, text) => options.ConnectTimeout = SettingText.ToTime(text)),
        Of(nameof(IpcClientOptions.CallTimeout), (options, text) => options.CallTimeout = SettingText.ToTime(text)),
        Of(nameof(IpcClientOptions.KeepAlive), (options, text) => options.KeepAlive = SettingText.ToTime(text)),
        Of(nameof(IpcClientOptions.MaxFrameSize), (options, text) => options.MaxFrameSize = SettingText.ToInt32(text)),
        Of(nameof(IpcClientOptions.MaxUnsentBytes), (options, text) => options.MaxUnsentBytes = SettingText.ToInt64(text)),
        Of(nameof(IpcClientOptions.MaxBufferedStreamBytes), (options, text) => options.MaxBufferedStreamBytes = SettingText.ToInt64(text)),
        Of(nameof(IpcClientOptions.StreamOverflow), (options, text) => options.StreamOverflow = SettingText.ToEnum<StreamOverflow>(text)),
    ];

    private static Setting<IpcClientSettings> Of(string key, Action<IpcClientOptions, string> store) =>
        Setting<IpcClientSettings>.Of(key, (settings, text) => store(settings.Client, text));
}
