namespace Signals.Hosting.Configuration;

/// <summary>The keys of settings that are not names of options, and the paths of sections.</summary>
internal static class SettingNames
{
    internal const string Endpoint = "Endpoint";
    internal const string Endpoints = "Endpoints";

    /// <summary>Returns the path of the section of a host or a client.</summary>
    internal static string Section(string kind, string name) => name.Length == 0 ? $"Ipc:{kind}" : $"Ipc:{kind}s:{name}";
}
