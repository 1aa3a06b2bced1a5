namespace Signals.Remote;

/// <summary>Features that not every exchange has. Options that need a missing one are refused with <see cref="NotSupportedException"/>.</summary>
[Flags]
public enum RemoteCapabilities
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>Imports of an exchange reach its own exports.</summary>
    OwnExports = 1,

    /// <summary><see cref="RemoteReplay.Last"/> and <see cref="RemoteReplay.Current"/> for signals.</summary>
    Replay = 2,

    /// <summary><see cref="ExportOptions.Authorize"/>.</summary>
    Authorize = 4,

    /// <summary><see cref="RemoteProperty{T}.RequestSetAsync"/>.</summary>
    Setting = 8,

    /// <summary>Imports merge what several exporters export under a name. A property of two exporters is refused.</summary>
    ManyExporters = 16,

    /// <summary><see cref="SignalImporting.ImportMany{T}(ISignalImporter, string, ImportOptions)"/>.</summary>
    Patterns = 32,
}
