namespace Signals.Hosting.Configuration;

/// <summary>The names of settings in the configuration that are not names of options.</summary>
internal static class SettingNames
{
    internal const string Endpoint = "Endpoint";
    internal const string Endpoints = "Endpoints";

    /// <summary>The path of the section of a host or a client without a name, and of the parent of those with a name.</summary>
    internal static string Section(string kind, string name) => name.Length == 0 ? $"Ipc:{kind}" : $"Ipc:{kind}s:{name}";
}
